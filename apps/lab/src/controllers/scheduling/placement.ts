import { labelSelectorMatcher } from '@scalelab/kube';
import type { Node, Pod } from '@scalelab/manifests';
import { allocatable, podRequests, type Requests } from './pod-requests';

/** Where a pod goes, or why nowhere. */
export type Placement = { readonly node: string } | { readonly unschedulable: string };

const cores = (milliCores: number): string => `${milliCores}m`;
const mebibytes = (milliBytes: number): string => `${Math.floor(milliBytes / 1000 / 2 ** 20)}Mi`;

function used(pods: readonly Pod[]): Requests & { readonly pods: number } {
  const requests = pods.map(podRequests);
  return {
    cpu: requests.reduce((total, { cpu }) => total + cpu, 0),
    memory: requests.reduce((total, { memory }) => total + memory, 0),
    pods: pods.length,
  };
}

/** Reasons why a node cannot take a pod, in Kubernetes' words with the figures behind them. */
function obstacles(pod: Pod, node: Node, taken: Requests & { readonly pods: number }): string[] {
  if (node.spec?.unschedulable) return ['node(s) were unschedulable'];
  if (!labelSelectorMatcher({ matchLabels: pod.spec.nodeSelector ?? {} })(node.metadata.labels)) {
    return ["node(s) didn't match Pod's node affinity/selector"];
  }
  const offer = allocatable(node.status);
  const needs = podRequests(pod);
  const reasons: string[] = [];
  if (taken.pods + 1 > offer.pods) reasons.push('Too many pods');
  if (taken.cpu + needs.cpu > offer.cpu && needs.cpu > 0) {
    reasons.push(
      `Insufficient cpu (asked ${cores(needs.cpu)}, free ${cores(Math.max(0, offer.cpu - taken.cpu))} of ${cores(offer.cpu)})`,
    );
  }
  if (taken.memory + needs.memory > offer.memory && needs.memory > 0) {
    reasons.push(
      `Insufficient memory (asked ${mebibytes(needs.memory)}, free ${mebibytes(Math.max(0, offer.memory - taken.memory))} of ${mebibytes(offer.memory)})`,
    );
  }
  return reasons;
}

/** Chooses the node with most CPU left among those that can take the pod. `bound` are the unfinished pods of each node. */
export function placePod(
  pod: Pod,
  nodes: readonly Node[],
  bound: (node: string) => readonly Pod[],
): Placement {
  const refused = new Map<string, number>();
  let best: { readonly node: string; readonly free: number } | undefined;
  for (const node of nodes) {
    const taken = used(bound(node.metadata.name));
    const reasons = obstacles(pod, node, taken);
    for (const reason of reasons) refused.set(reason, (refused.get(reason) ?? 0) + 1);
    const free = allocatable(node.status).cpu - taken.cpu;
    if (reasons.length === 0 && (best === undefined || free > best.free))
      best = { node: node.metadata.name, free };
  }
  if (best !== undefined) return { node: best.node };
  const reasons = [...refused].map(([reason, count]) => `${count} ${reason}`);
  const why =
    nodes.length === 0 ? 'no nodes available to schedule pods' : `${reasons.toSorted().join(', ')}.`;
  return { unschedulable: nodes.length === 0 ? why : `0/${nodes.length} nodes are available: ${why}` };
}
