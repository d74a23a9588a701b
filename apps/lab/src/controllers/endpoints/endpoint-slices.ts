import type { KubeObject } from '@scalelab/kube';
import type { Endpoint, EndpointSlicePort, Pod, Service } from '@scalelab/manifests';
import { controllerReference } from '../owner';
import { isReadyPod } from '../pod-state';

/** Endpoints a slice at most, as Kubernetes' controller fills them. */
const slotsPerSlice = 100;
export const serviceLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
export const managedBy = 'endpointslice-controller.k8s.io';

/** FNV-1a as five hex digits or more: names that stay the same as long as what they stand for does. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

/** The container ports behind a Service's ports in one pod; a name that the pod does not have leaves its port out. */
function portsFor(service: Service, pod: Pod): EndpointSlicePort[] {
  const declared = pod.spec.containers.flatMap((container) => container.ports ?? []);
  return (service.spec?.ports ?? []).flatMap((port) => {
    const target = port.targetPort ?? port.port;
    const protocol = port.protocol ?? 'TCP';
    const number =
      typeof target === 'number'
        ? target
        : declared.find(({ name, protocol: given = 'TCP' }) => name === target && given === protocol)
            ?.containerPort;
    return number === undefined ? [] : [{ name: port.name ?? '', port: number, protocol }];
  });
}

function endpointOf(service: Service, pod: Pod): Endpoint {
  const serving = isReadyPod(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const published = service.spec?.publishNotReadyAddresses === true;
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [pod.status?.podIP ?? ''],
    conditions: { ready: published || (serving && !terminating), serving, terminating },
    targetRef: {
      kind: 'Pod',
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
    },
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
  };
}

/** Does a pod have an address to send to? */
export function hasEndpoint(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return Boolean(pod.status?.podIP) && phase !== 'Succeeded' && phase !== 'Failed';
}

/** The EndpointSlices that a Service should have for its pods: one group for each set of ports, in pieces of 100. */
export function endpointSlices(service: Service, pods: readonly Pod[]): KubeObject[] {
  const groups = new Map<string, { ports: EndpointSlicePort[]; endpoints: Endpoint[] }>();
  const byName = pods.filter(hasEndpoint).toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  for (const pod of byName) {
    const ports = portsFor(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key);
    const endpoint = endpointOf(service, pod);
    if (group === undefined) groups.set(key, { ports, endpoints: [endpoint] });
    else group.endpoints.push(endpoint);
  }
  // A Service without pods has one empty slice, so that watchers learn that it has none.
  if (groups.size === 0) groups.set('', { ports: [], endpoints: [] });
  return [...groups].flatMap(([key, { ports, endpoints }]) =>
    Array.from({ length: Math.max(1, Math.ceil(endpoints.length / slotsPerSlice)) }, (_, i) =>
      sliceOf(service, `${key}#${i}`, ports, endpoints.slice(i * slotsPerSlice, (i + 1) * slotsPerSlice)),
    ),
  );
}

function sliceOf(
  service: Service,
  identity: string,
  ports: readonly EndpointSlicePort[],
  endpoints: readonly Endpoint[],
): KubeObject {
  const { name, namespace, uid, labels } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${shortHash(`${uid}${identity}`)}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...labels, [serviceLabel]: name, [managedByLabel]: managedBy },
      ownerReferences: [controllerReference(service)],
    },
    addressType: 'IPv4',
    ports,
    endpoints,
  };
}
