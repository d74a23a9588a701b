export { LabMetrics, type LabMetricsOptions, type UsageTotal } from './lab-metrics';
export { MetricsPages, type MetricsPagesOptions } from './metrics-pages';
export type { DiscoveredTargets, ReachableTarget } from './scrape-targets';
