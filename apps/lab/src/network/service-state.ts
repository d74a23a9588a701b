import type { Endpoints, EndpointSlice, Service, ServicePort } from '@scalelab/manifests';
import type { EndpointState, ServicePortState, ServiceState } from '../interceptor';

const hostPortPrefix = 'lab.scalelab.dev/host-port.';
const proxyAnnotation = 'lab.scalelab.dev/interceptor';

/** What stands behind a Service. */
export interface ServiceBackends {
  readonly slices: readonly EndpointSlice[];
  /** Read only when there is no slice. */
  readonly endpoints: Endpoints | undefined;
}

/** What the interceptor has to know about a Service. */
export function serviceState(
  service: Service,
  address: string | undefined,
  backends: ServiceBackends,
): ServiceState {
  const { annotations = {}, name, namespace = 'default' } = service.metadata;
  const ports = (service.spec.ports ?? []).filter(({ protocol }) => (protocol ?? 'TCP') === 'TCP');
  return {
    key: `${namespace}/${name}`,
    ...(address === undefined ? {} : { address }),
    proxy: annotations[proxyAnnotation] === 'true',
    ports: ports.map((port): ServicePortState => ({
      name: port.name ?? '',
      port: port.port,
      http: isHttp(port),
      hostPorts: hostPorts(port, annotations),
      endpoints: portEndpoints(port, backends),
    })),
  };
}

/** By Kubernetes' own field for it, else by the customary name. */
function isHttp({ appProtocol, name }: ServicePort): boolean {
  if (appProtocol !== undefined) return appProtocol.toLowerCase() === 'http';
  return name !== undefined && /^http(-|$)/.test(name);
}

function hostPorts(port: ServicePort, annotations: Readonly<Record<string, string>>): number[] {
  const asked = Number(annotations[`${hostPortPrefix}${port.name ?? port.port}`]);
  const all = [asked, port.nodePort ?? 0].filter(
    (value) => Number.isInteger(value) && value > 0 && value < 65_536,
  );
  return [...new Set(all)];
}

function portEndpoints(port: ServicePort, { endpoints, slices }: ServiceBackends): EndpointState[] {
  const found = slices.length > 0 ? fromSlices(port, slices) : fromEndpoints(port, endpoints);
  const unique = new Map(found.map((endpoint) => [`${endpoint.address}:${endpoint.port}`, endpoint]));
  return [...unique.values()];
}

function fromSlices(port: ServicePort, slices: readonly EndpointSlice[]): EndpointState[] {
  return slices.flatMap(({ endpoints, ports }) => {
    const number = ports?.find(({ name }) => (name ?? '') === (port.name ?? ''))?.port;
    if (number === undefined) return [];
    // An absent condition counts as true, as the API says.
    const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false);
    return ready.flatMap(({ addresses }) => addresses.map((address) => ({ address, port: number })));
  });
}

function fromEndpoints(port: ServicePort, endpoints: Endpoints | undefined): EndpointState[] {
  return (endpoints?.subsets ?? []).flatMap(({ addresses, ports }) => {
    const number = ports?.find(({ name }) => (name ?? '') === (port.name ?? ''))?.port;
    return number === undefined ? [] : (addresses ?? []).map(({ ip }) => ({ address: ip, port: number }));
  });
}

/** Addresses that a headless Service's name resolves to, and those of its pods by host name. */
export function headlessAddresses(
  service: Service,
  { endpoints, slices }: ServiceBackends,
): { readonly all: string[]; readonly byHostname: Map<string, string> } {
  const all = new Set<string>();
  const byHostname = new Map<string, string>();
  const take = (address: string, hostname: string | undefined): void => {
    all.add(address);
    if (hostname) byHostname.set(hostname, address);
  };
  const everyone = service.spec.publishNotReadyAddresses === true;
  for (const slice of slices) {
    for (const { addresses, conditions, hostname } of slice.endpoints) {
      if (everyone || conditions?.ready !== false) for (const address of addresses) take(address, hostname);
    }
  }
  if (slices.length === 0) {
    for (const { addresses, notReadyAddresses } of endpoints?.subsets ?? []) {
      for (const { hostname, ip } of [...(addresses ?? []), ...(everyone ? (notReadyAddresses ?? []) : [])])
        take(ip, hostname);
    }
  }
  return { all: [...all], byHostname };
}
