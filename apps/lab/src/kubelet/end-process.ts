import type { Scheduler } from '@scalelab/kube';
import type { ContainerProcess } from './process';
import { within } from './wait';

export interface EndProcessOptions {
  readonly process: ContainerProcess;
  /** From now to SIGKILL, ms; 0 = SIGKILL at once. */
  readonly graceMs: number;
  readonly scheduler: Scheduler;
  /** Runs before SIGTERM, on the same time; resolves to its problem. */
  readonly preStop?: () => Promise<string | undefined>;
  readonly onHookProblem: (problem: string) => void;
}

/** After a preStop hook that took all the time a program still gets this long, as in Kubernetes; ms. */
const leastGraceMs = 2_000;

/** preStop, SIGTERM to the program, and SIGKILL to its whole group when the time is over; resolves when it has ended. */
export async function endProcess(options: EndProcessOptions): Promise<void> {
  const { graceMs, onHookProblem, preStop, process, scheduler } = options;
  if (graceMs > 0) {
    const untilMs = scheduler.now() + graceMs;
    if (preStop) {
      const ended = process.exited.then(() => undefined);
      const problem = await within(scheduler, graceMs, Promise.race([preStop(), ended]));
      if (problem !== undefined) onHookProblem(problem);
    }
    process.signal('SIGTERM');
    const leftMs = Math.max(preStop ? leastGraceMs : 0, untilMs - scheduler.now());
    if (await within(scheduler, leftMs, process.exited)) return;
  }
  process.killGroup();
  await process.exited;
}
