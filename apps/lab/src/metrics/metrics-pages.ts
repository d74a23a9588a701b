import type { LabMetrics } from './lab-metrics';
import { podTargets, statePages, stateTargets, type ReachableTarget } from './scrape-targets';

export interface MetricsPagesOptions {
  readonly metrics: LabMetrics;
  /** What the lab scrapes at this moment. */
  readonly targets: () => readonly ReachableTarget[];
  /** Where the interceptor answers `/metrics`; undefined while it does not. */
  readonly interceptorPort: () => number | undefined;
}

/** What the lab serves to a Prometheus of the user's, by path: texts are metrics, anything else is JSON. */
export class MetricsPages {
  constructor(private readonly options: MetricsPagesOptions) {}

  /** `host` is where the request came in. Undefined: no such page. */
  read(path: string, host: string): unknown {
    const { interceptorPort, metrics, targets } = this.options;
    if (path === '/metrics') return statePages.map((page) => page.read(metrics)).join('');
    if (path === '/service-discovery/state') return stateTargets(host, interceptorPort());
    if (path === '/service-discovery/pods') return podTargets(targets());
    return statePages.find((page) => page.path === path)?.read(metrics);
  }
}
