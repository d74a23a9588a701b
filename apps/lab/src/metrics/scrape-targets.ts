import type { LabMetrics } from './lab-metrics';

/** An entry of Prometheus' HTTP service discovery. */
export interface DiscoveredTargets {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** A pod or other endpoint as the lab scrapes it, with where it is really reached. */
export interface ReachableTarget {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly intervalMs: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** The lab's own pages by path, with the labels that the same series carry in a cluster. */
export const statePages: readonly {
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly read: (metrics: LabMetrics) => string;
}[] = [
  {
    path: '/metrics/kube-state',
    labels: { job: 'kube-state-metrics' },
    read: (metrics) => metrics.kubeState(),
  },
  { path: '/metrics/keda', labels: { job: 'keda-operator' }, read: (metrics) => metrics.keda() },
  {
    path: '/metrics/cadvisor',
    labels: { job: 'kubelet', metrics_path: '/metrics/cadvisor' },
    read: (metrics) => metrics.containers(),
  },
];

/** Where a Prometheus of the user's finds the lab's own pages, and the interceptor's when that is up. */
export function stateTargets(host: string, interceptorPort: number | undefined): DiscoveredTargets[] {
  const pages = statePages.map(({ labels, path }) => ({
    targets: [host],
    labels: { ...labels, __metrics_path__: path },
  }));
  if (interceptorPort === undefined) return pages;
  return [
    ...pages,
    {
      targets: [`127.0.0.1:${interceptorPort}`],
      labels: { job: 'keda-http-interceptor', namespace: 'keda' },
    },
  ];
}

/** What ServiceMonitors select, reached as the lab reaches it, under the labels and at the interval of a cluster. */
export function podTargets(targets: readonly ReachableTarget[]): DiscoveredTargets[] {
  return targets.map(({ host, intervalMs, labels, path, port }) => {
    const [pathname = '', query = ''] = path.split('?');
    const parameters = [...new URLSearchParams(query)].map(([name, value]) => [`__param_${name}`, value]);
    return {
      targets: [`${host}:${port}`],
      labels: {
        ...labels,
        ...Object.fromEntries(parameters),
        __metrics_path__: pathname,
        __scrape_interval__: `${intervalMs}ms`,
        __scrape_timeout__: `${Math.min(10_000, intervalMs)}ms`,
      },
    };
  });
}
