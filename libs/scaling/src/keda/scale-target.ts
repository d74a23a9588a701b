import { type WorkloadFacts } from './loop-types';
import { type ScaledObject, type ScaleTargetGvkr } from './scaled-object';

/** Group, version, kind and resource of the scale target (default apps/v1 Deployment), or why they cannot be had. */
export function scaleTargetOf(
  object: ScaledObject,
  workload?: WorkloadFacts,
): ScaleTargetGvkr | { readonly error: string } {
  const { apiVersion = '', kind = '' } = object.spec.scaleTargetRef;
  return parseTarget(apiVersion, kind, workload?.resource);
}

export function parseTarget(
  apiVersion: string,
  kind: string,
  resource?: string,
): ScaleTargetGvkr | { readonly error: string } {
  const parts = (apiVersion || 'apps/v1').split('/');
  if (parts.length > 2) return { error: `unexpected GroupVersion string: ${apiVersion}` };
  const version = parts.at(-1) ?? '';
  const group = parts.length === 2 ? (parts[0] ?? '') : '';
  const given = kind || 'Deployment';
  return { group, version, kind: given, resource: resource ?? `${given.toLowerCase()}s` };
}

/** As status.scaleTargetKind and events name it. */
export const targetKindText = ({ group, version, kind }: ScaleTargetGvkr): string =>
  `${group}/${version}.${kind}`;

/** apiVersion of the target. */
export const targetApiVersion = ({ group, version }: ScaleTargetGvkr): string =>
  group === '' ? version : `${group}/${version}`;

/** Deployments and StatefulSets are read themselves, everything else through its scale. */
export const isReadDirectly = ({ group, kind }: ScaleTargetGvkr): boolean =>
  group === 'apps' && (kind === 'Deployment' || kind === 'StatefulSet');

/** Whether the target's replicas can be read at this moment. */
export function isTargetReadable(
  object: ScaledObject,
  gvkr: ScaleTargetGvkr | undefined,
  workload: WorkloadFacts,
): boolean {
  if (workload.exists === false) return false;
  const target = gvkr ?? scaleTargetOf(object, workload);
  return ('kind' in target && isReadDirectly(target)) || workload.scaleError !== 'get';
}
