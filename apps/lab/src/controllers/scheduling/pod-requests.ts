import type { Container, Pod } from '@scalelab/manifests';
import { parseMilli } from '@scalelab/scaling';

/** CPU in thousandths of a core, memory in thousandths of a byte. */
export interface Requests {
  readonly cpu: number;
  readonly memory: number;
}

function milli(quantity: unknown, field: string): number {
  return quantity === undefined ? 0 : Number(parseMilli(String(quantity), field));
}

const requestOf = (container: Container, resource: 'cpu' | 'memory'): number =>
  milli(container.resources?.requests?.[resource], `requests.${resource}`);

const sum = (containers: readonly Container[], resource: 'cpu' | 'memory'): number =>
  containers.reduce((total, container) => total + requestOf(container, resource), 0);

/** What a pod needs of its node: all containers together, or the hungriest init container where that is more. */
export function podRequests(pod: Pod): Requests {
  const of = (resource: 'cpu' | 'memory'): number => {
    const init = pod.spec.initContainers ?? [];
    // Sidecars run beside the containers; other init containers run alone before them.
    const sidecars = init.filter((container) => container.restartPolicy === 'Always');
    const alone = init.filter((container) => container.restartPolicy !== 'Always');
    const together = sum(pod.spec.containers, resource) + sum(sidecars, resource);
    return Math.max(together, ...alone.map((container) => requestOf(container, resource)));
  };
  return { cpu: of('cpu'), memory: of('memory') };
}

/** What a node offers; `pods` counts pods. */
export function allocatable(
  status: { readonly allocatable?: Readonly<Record<string, unknown>> } | undefined,
): Requests & {
  readonly pods: number;
} {
  const offered = status?.allocatable ?? {};
  const pods = offered.pods;
  return {
    cpu: milli(offered.cpu, 'allocatable.cpu'),
    memory: milli(offered.memory, 'allocatable.memory'),
    pods: pods === undefined ? 110 : Number(pods),
  };
}
