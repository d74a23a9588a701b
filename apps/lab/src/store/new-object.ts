import { randomUUID } from 'node:crypto';
import { apiTime, type KubeObject } from '@scalelab/kube';
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

/** The object as the store takes it in: identity and times are the server's. */
export function newObject(kind: ServedKind, object: KubeObject, nowMs: number): KubeObject {
  const { status: _status, ...rest } = object;
  const {
    managedFields: _managed,
    deletionTimestamp: _at,
    deletionGracePeriodSeconds: _grace,
    ...meta
  } = object.metadata;
  return {
    ...rest,
    ...beginning(kind, object),
    metadata: {
      ...meta,
      uid: randomUUID(),
      creationTimestamp: apiTime(nowMs),
      ...(kind.hasStatus ? { generation: 1 } : {}),
    },
  };
}
