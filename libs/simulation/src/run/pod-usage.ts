import { formatMilli, parseMilli, type ContainerResources } from '@scalelab/scaling';
import type { PodShape } from './world';

/**
 * Usage of one ready pod. With a workload model: the busy share of its hands times what a hand uses. Without: the load is the
 * whole workload's usage in percent of one pod's request, shared by the ready pods.
 */
export function podUsage(
  { requests, cpuMilliPerItem, concurrency }: PodShape,
  busy: { readonly share: number } | { readonly totalPercent: number; readonly readyPods: number },
): ContainerResources {
  const share = 'share' in busy ? busy.share : busy.totalPercent / 100 / Math.max(1, busy.readyPods);
  const containers =
    requests && Object.keys(requests).length > 0 ? requests : { main: { cpu: '1', memory: '1Gi' } };
  const names = Object.keys(containers);
  return Object.fromEntries(
    names.map((container) => {
      const asked = { cpu: '1', memory: '1Gi', ...containers[container] };
      return [
        container,
        Object.fromEntries(
          Object.entries(asked).map(([resource, quantity]) => {
            const whole =
              resource === 'cpu' && cpuMilliPerItem !== null && 'share' in busy
                ? (cpuMilliPerItem * concurrency) / names.length
                : Number(parseMilli(quantity));
            return [resource, formatMilli(BigInt(Math.round(whole * share)))];
          }),
        ),
      ];
    }),
  );
}
