import { parseQuantity, toNumber } from '@scalelab/scaling';
import type { Container, Pod } from '@scalelab/manifests';
import { ContainerConfigError } from './config-error';

/** What a pod may ask about itself that its manifest does not say. */
export interface PodPlace {
  readonly podIP: string;
  readonly hostIP: string;
  readonly nodeName: string;
  /** Stand-ins for limits that are not set, as Kubernetes takes them from the node: cores and bytes. */
  readonly allocatable: { readonly cpu: number; readonly memory: number };
}

/**
 * The value of a `fieldRef`.
 * @throws ContainerConfigError when the path is not one that Kubernetes knows
 */
export function fieldValue(path: string, pod: Pod, place: PodPlace): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return pod.metadata[keyed[1] === 'labels' ? 'labels' : 'annotations']?.[keyed[2] ?? ''] ?? '';
  const read = fields[path];
  if (!read)
    throw new ContainerConfigError(
      `unsupported fieldPath "${path}"; allowed: ${Object.keys(fields).join(', ')}`,
    );
  return read(pod, place);
}

const lines = (record: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(record ?? {})
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');

const fields: Readonly<Record<string, (pod: Pod, place: PodPlace) => string>> = {
  'metadata.name': (pod) => pod.metadata.name,
  'metadata.namespace': (pod) => pod.metadata.namespace ?? 'default',
  'metadata.uid': (pod) => pod.metadata.uid ?? '',
  'metadata.labels': (pod) => lines(pod.metadata.labels),
  'metadata.annotations': (pod) => lines(pod.metadata.annotations),
  'spec.nodeName': (_pod, place) => place.nodeName,
  'spec.serviceAccountName': (pod) => pod.spec.serviceAccountName ?? 'default',
  'status.podIP': (_pod, place) => place.podIP,
  'status.podIPs': (_pod, place) => place.podIP,
  'status.hostIP': (_pod, place) => place.hostIP,
  'status.hostIPs': (_pod, place) => place.hostIP,
};

/**
 * The value of a `resourceFieldRef`, divided by its divisor and rounded up.
 * @throws ContainerConfigError when the resource is not one that Kubernetes knows
 */
export function resourceValue(
  resource: string,
  divisor: string | number | undefined,
  container: Container,
  place: PodPlace,
): string {
  const [side, name] = resource.split('.');
  if ((side !== 'limits' && side !== 'requests') || (name !== 'cpu' && name !== 'memory')) {
    throw new ContainerConfigError(
      `unsupported container resource "${resource}"; allowed: limits.cpu, limits.memory, requests.cpu, requests.memory`,
    );
  }
  const { limits, requests } = container.resources ?? {};
  const own = side === 'limits' ? limits?.[name] : (requests?.[name] ?? limits?.[name]);
  const amount =
    own === undefined
      ? side === 'limits'
        ? place.allocatable[name]
        : 0
      : toNumber(parseQuantity(String(own)));
  const unit =
    divisor === undefined || String(divisor) === '0' ? 1 : toNumber(parseQuantity(String(divisor)));
  return String(Math.ceil(amount / unit));
}
