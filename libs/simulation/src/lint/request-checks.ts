import { listOf, type Check } from './subject';

export const resourceWithoutRequests: Check = {
  code: 'cpu-trigger-without-requests',
  level: 'error',
  title: 'a utilization target, but containers without a request',
  why: 'utilization is percent of the request: with one container that has none the metric is an error, and the HPA does nothing',
  *find(autoscaler) {
    const { triggers, containers, spec, workload } = autoscaler;
    if (!workload) return;
    const wanted = [
      ...triggers.flatMap(({ type, metricType, metadata, index }) =>
        (type === 'cpu' || type === 'memory') && (metricType ?? 'Utilization') === 'Utilization'
          ? [{ resource: type, container: metadata.containerName, path: ['spec', 'triggers', index] }]
          : [],
      ),
      ...listOf(spec.metrics).flatMap((metric, index) => {
        const source = (metric.resource ?? metric.containerResource) as
          { name?: string; container?: string; target?: { type?: string } } | undefined;
        return source?.target?.type === 'Utilization'
          ? [{ resource: String(source.name), container: source.container, path: ['spec', 'metrics', index] }]
          : [];
      }),
    ];
    for (const { resource, container, path } of wanted) {
      const lacking = containers
        .filter(({ name }) => container === undefined || name === container)
        .filter(({ resources }) => {
          const { requests, limits } = (resources ?? {}) as {
            requests?: Record<string, unknown>;
            limits?: Record<string, unknown>;
          };
          return requests?.[resource] === undefined && limits?.[resource] === undefined;
        })
        .map(({ name }) => String(name));
      if (lacking.length > 0)
        yield {
          path,
          message: `the container ${lacking.join(', ')} of ${autoscaler.targetRef.name} has no ${resource} request`,
          fix: `give every container resources.requests.${resource}, or name one that has it (containerName)`,
        };
    }
  },
};
