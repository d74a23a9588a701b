import type { KedaPollLine, MetricRequestLine } from '@scalelab/recording';
import { kedaLoop, type KedaInput, type KedaLoopState } from '@scalelab/scaling';
import type { ReplayedDecision } from './replayed-decision';
import { same } from './same';

/** One ScaledObject of a recording, fed with what was recorded. */
export class KedaReplay {
  private state: KedaLoopState | undefined;
  private uid: string | undefined;

  take(line: KedaPollLine | MetricRequestLine, atMs: number): ReplayedDecision {
    const input: KedaInput = line.input;
    const { uid } = input.object.metadata;
    // The loop met the object for the first time, or another of the same name.
    if (!this.state || uid !== this.uid) this.state = kedaLoop.init(input.object);
    this.uid = uid;
    const step = kedaLoop.step(this.state, atMs, input);
    this.state = step.state;
    const scaled = step.effects.find((effect) => effect.kind === 'setScale');
    const replicas = input.workload.replicas;
    return {
      t: line.t,
      kind: line.kind,
      workload: line.workload,
      recorded: line.kind === 'kedaPoll' ? line.to : replicas,
      again: scaled?.kind === 'setScale' ? scaled.replicas : replicas,
      same: same(step.decision, line.decision),
    };
  }
}
