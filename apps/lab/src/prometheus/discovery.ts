import type { EndpointSlice, Service, ServiceMonitor, ServiceMonitorEndpoint } from '@scalelab/manifests';
import { durationSeconds, selectorOf, selects } from '@scalelab/manifests';
import type { Target } from './target';

export interface DiscoveryInput {
  readonly monitors: readonly ServiceMonitor[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

export interface DiscoveryOptions {
  /** Labels that a ServiceMonitor must carry to be taken, as the operator's serviceMonitorSelector. */
  readonly monitorLabels: Readonly<Record<string, string>>;
  /** Interval of endpoints that name none, milliseconds. */
  readonly intervalMs: number;
}

/** The targets that ServiceMonitors select: one for each ready address behind each selected Service, labelled as the operator does. */
export function discover(
  { monitors, services, slices }: DiscoveryInput,
  options: DiscoveryOptions,
): Target[] {
  const slicesOf = Map.groupBy(
    slices,
    ({ metadata }) => `${metadata.namespace}/${metadata.labels?.['kubernetes.io/service-name'] ?? ''}`,
  );
  const targets = new Map<string, Target>();
  for (const monitor of monitors) {
    if (
      !Object.entries(options.monitorLabels).every(([key, value]) => monitor.metadata.labels?.[key] === value)
    )
      continue;
    const selector = selectorOf(monitor.spec.selector);
    for (const service of services) {
      if (!inNamespace(monitor, service) || !selects(selector, service.metadata.labels ?? {})) continue;
      for (const slice of slicesOf.get(`${service.metadata.namespace}/${service.metadata.name}`) ?? []) {
        for (const [index, endpoint] of monitor.spec.endpoints.entries()) {
          for (const target of targetsOf(monitor, service, slice, endpoint, index, options))
            targets.set(target.key, target);
        }
      }
    }
  }
  return [...targets.values()];
}

function inNamespace({ metadata, spec }: ServiceMonitor, service: Service): boolean {
  if (spec.namespaceSelector?.any) return true;
  return (spec.namespaceSelector?.matchNames ?? [metadata.namespace]).includes(
    service.metadata.namespace ?? '',
  );
}

function targetsOf(
  monitor: ServiceMonitor,
  service: Service,
  slice: EndpointSlice,
  endpoint: ServiceMonitorEndpoint,
  index: number,
  { intervalMs }: DiscoveryOptions,
): Target[] {
  const ports = (slice.ports ?? []).filter(({ name, port }) =>
    endpoint.port !== undefined ? name === endpoint.port : port === endpoint.targetPort,
  );
  const every = milliseconds(endpoint.interval) ?? intervalMs;
  const query = new URLSearchParams(
    Object.entries(endpoint.params ?? {}).flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  ).toString();
  const path = `${endpoint.path ?? '/metrics'}${query === '' ? '' : `?${query}`}`;
  return ports.flatMap(({ name, port }) =>
    slice.endpoints
      .filter(({ conditions }) => conditions?.ready !== false)
      .flatMap(({ addresses, targetRef }) =>
        addresses.slice(0, 1).map((address) => {
          const labels: Record<string, string> = {
            job:
              (monitor.spec.jobLabel && service.metadata.labels?.[monitor.spec.jobLabel]) ||
              service.metadata.name,
            namespace: service.metadata.namespace ?? '',
            service: service.metadata.name,
            endpoint: endpoint.port ?? String(endpoint.targetPort ?? ''),
            instance: `${address}:${port}`,
            ...(targetRef?.kind === 'Pod' && { pod: targetRef.name ?? '' }),
          };
          const key = [
            monitor.metadata.namespace,
            monitor.metadata.name,
            index,
            address,
            port,
            targetRef?.uid ?? '',
            path,
            every,
            name,
          ].join(' ');
          return {
            key,
            labels,
            address,
            port: port ?? 0,
            path,
            intervalMs: every,
            timeoutMs: Math.min(milliseconds(endpoint.scrapeTimeout) ?? 10_000, every),
            honorLabels: endpoint.honorLabels ?? false,
          };
        }),
      ),
  );
}

function milliseconds(duration: string | undefined): number | undefined {
  const seconds = duration === undefined ? undefined : durationSeconds(duration);
  return seconds === undefined || seconds <= 0 ? undefined : seconds * 1_000;
}
