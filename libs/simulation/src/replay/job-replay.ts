import type { ScaledJobPollLine } from '@scalelab/recording';
import { scaledJobLoop, type ScaledJobInput, type ScaledJobLoopState } from '@scalelab/scaling';
import type { ReplayedDecision } from './replayed-decision';
import { same } from './same';

/** One ScaledJob of a recording, fed with what was recorded. */
export class JobReplay {
  private state: ScaledJobLoopState | undefined;
  private uid: string | undefined;

  take(line: ScaledJobPollLine, atMs: number): ReplayedDecision {
    const input: ScaledJobInput = line.input;
    const { uid } = input.object.metadata;
    if (!this.state || uid !== this.uid) this.state = scaledJobLoop.init(input.object);
    this.uid = uid;
    const step = scaledJobLoop.step(this.state, atMs, input);
    this.state = step.state;
    return {
      t: line.t,
      kind: line.kind,
      workload: line.workload,
      recorded: line.to,
      again: line.from + (step.decision.kind === 'poll' ? step.decision.created : 0),
      same: same(step.decision, line.decision),
    };
  }
}
