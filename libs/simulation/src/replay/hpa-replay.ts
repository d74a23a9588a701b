import type { HpaSyncLine, ManifestLine } from '@scalelab/recording';
import { hpaSync, type ControllerFlags, type HpaSpec, type HpaState } from '@scalelab/scaling';
import type { ReplayedDecision } from './replayed-decision';
import { same } from './same';

/** One HorizontalPodAutoscaler of a recording, fed with what was recorded. */
export class HpaReplay {
  private state: HpaState | undefined;

  constructor(private readonly flags: Partial<ControllerFlags>) {}

  manifest({ action, object }: ManifestLine, atMs: number): void {
    const spec = object.spec as HpaSpec & { scaleTargetRef: { kind: string; name: string } };
    if (action === 'deleted') {
      if (this.state) this.state = hpaSync.change(this.state, { hpaDeletedAtMs: atMs });
      return;
    }
    if (!this.state) {
      const { kind, name } = spec.scaleTargetRef;
      this.state = hpaSync.init({
        spec,
        createdAtMs: atMs,
        flags: this.flags,
        scaleTarget: { kind, namespace: object.metadata.namespace ?? '', name },
      });
      return;
    }
    this.state = hpaSync.change(this.state, {
      hpa: spec,
      ...(action === 'added' && { hpaRecreatedAtMs: atMs }),
    });
  }

  /** Undefined: the recording does not hold the object that was decided about. */
  sync(line: HpaSyncLine, atMs: number): ReplayedDecision | undefined {
    if (!this.state) return undefined;
    const step = hpaSync.step(this.state, atMs, line.input);
    this.state = step.state;
    return {
      t: line.t,
      kind: line.kind,
      workload: line.workload,
      recorded: line.to,
      again: step.decision.specReplicasAfter,
      same: same(step.decision, line.decision),
    };
  }
}
