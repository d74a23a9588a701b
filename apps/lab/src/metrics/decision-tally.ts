import type { Exposition } from './exposition';

/** A step that changed a workload's replicas, in the controller's words. */
export interface ScalingDecision {
  readonly workload: { readonly namespace: string; readonly name: string };
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** Counts the decisions that changed something by direction and reason: what a cluster's own metrics do not tell. */
export class DecisionTally {
  private readonly counts = new Map<string, { readonly decision: ScalingDecision; count: number }>();

  take(decision: ScalingDecision): void {
    const { from, reason, to, workload } = decision;
    if (from === to) return;
    const key = [workload.namespace, workload.name, to > from, reason].join(' ');
    const known = this.counts.get(key);
    if (known) known.count += 1;
    else this.counts.set(key, { decision, count: 1 });
  }

  write(page: Exposition): void {
    const total = page.family(
      'scalelab_scaling_decisions_total',
      'counter',
      'Decisions that changed the replicas of a workload, by direction and reason.',
    );
    for (const { decision, count } of this.counts.values()) {
      const { from, reason, to, workload } = decision;
      const { name, namespace } = workload;
      total({ namespace, workload: name, direction: to > from ? 'up' : 'down', reason }, count);
    }
  }
}
