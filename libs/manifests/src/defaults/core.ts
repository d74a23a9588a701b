import { at, each, ensure, set, type Draft } from './draft';

const internal = ['ClusterIP', 'NodePort', 'LoadBalancer'];

export function serviceDefaults(object: Draft): void {
  const spec = ensure(object, 'spec');
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  else set(ensure(ensure(spec, 'sessionAffinityConfig'), 'clientIP'), 'timeoutSeconds', 10_800);
  spec.type ||= 'ClusterIP';
  for (const port of each(spec, 'ports')) {
    port.protocol ||= 'TCP';
    port.targetPort ||= port.port;
  }
  const external =
    spec.type === 'NodePort' ||
    spec.type === 'LoadBalancer' ||
    (Array.isArray(spec.externalIPs) && spec.externalIPs.length > 0);
  if (external) spec.externalTrafficPolicy ||= 'Cluster';
  if (internal.includes(String(spec.type))) set(spec, 'internalTrafficPolicy', 'Cluster');
  if (spec.type === 'LoadBalancer') set(spec, 'allocateLoadBalancerNodePorts', true);
}

export function secretDefaults(object: Draft): void {
  object.type ||= 'Opaque';
}

export function namespaceDefaults(object: Draft): void {
  const metadata = ensure(object, 'metadata');
  if (metadata.name) ensure(metadata, 'labels')['kubernetes.io/metadata.name'] = metadata.name;
  ensure(object, 'status').phase ||= 'Active';
}

export function persistentVolumeDefaults(object: Draft): void {
  const spec = ensure(object, 'spec');
  spec.persistentVolumeReclaimPolicy ||= 'Retain';
  set(spec, 'volumeMode', 'Filesystem');
  const hostPath = at(spec, 'hostPath');
  if (hostPath) set(hostPath, 'type', '');
  ensure(object, 'status').phase ||= 'Pending';
}

export function persistentVolumeClaimDefaults(object: Draft): void {
  set(ensure(object, 'spec'), 'volumeMode', 'Filesystem');
  ensure(object, 'status').phase ||= 'Pending';
}

export function endpointsDefaults(object: Draft): void {
  for (const subset of each(object, 'subsets'))
    for (const port of each(subset, 'ports')) port.protocol ||= 'TCP';
}

export function endpointSliceDefaults(object: Draft): void {
  for (const port of each(object, 'ports')) {
    set(port, 'name', '');
    port.protocol ||= 'TCP';
  }
}
