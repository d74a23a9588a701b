import { randomUUID } from 'node:crypto';
import { apiTime, isJsonObject, valueAt, withValueAt, type KubeObject } from '@scalelab/kube';
import type { ServedKind } from './served-kind';

/** What a created object begins with beside what its author wrote. Only controllers write status, so most kinds begin without. */
function beginning(
  kind: ServedKind,
  object: KubeObject,
): { readonly spec?: unknown; readonly status?: unknown } {
  if (!kind.hasStatus) return object.status === undefined ? {} : { status: object.status };
  if (kind.type.group !== '') return {};
  switch (kind.type.kind) {
    case 'Namespace':
      return { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } };
    case 'Pod':
      return { status: { phase: 'Pending' } };
    case 'Node':
      // A kubelet registers its node with what it offers.
      return object.status === undefined ? {} : { status: object.status };
    default:
      return {};
  }
}

/** A Job finds its pods by its own uid, unless its author chose the selector. */
function withJobSelector(object: KubeObject, uid: string): KubeObject {
  const { spec } = object;
  if (!isJsonObject(spec) || spec.manualSelector === true) return object;
  const own = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': object.metadata.name,
    'controller-uid': uid,
    'job-name': object.metadata.name,
  };
  const given = valueAt(spec, ['template', 'metadata', 'labels']);
  const labels = { ...(isJsonObject(given) ? given : {}), ...own };
  const selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  return { ...object, spec: withValueAt({ ...spec, selector }, ['template', 'metadata', 'labels'], labels) };
}

/** The object as the store takes it in: identity and times are the server's. */
export function newObject(kind: ServedKind, object: KubeObject, nowMs: number): KubeObject {
  const { status: _status, ...rest } = object;
  const {
    managedFields: _managed,
    deletionTimestamp: _at,
    deletionGracePeriodSeconds: _grace,
    ...meta
  } = object.metadata;
  const uid = randomUUID();
  const isJob = kind.type.group === 'batch' && kind.type.kind === 'Job';
  return {
    ...(isJob ? withJobSelector(rest, uid) : rest),
    ...beginning(kind, object),
    metadata: {
      ...meta,
      uid,
      creationTimestamp: apiTime(nowMs),
      ...(kind.hasStatus ? { generation: 1 } : {}),
    },
  };
}
