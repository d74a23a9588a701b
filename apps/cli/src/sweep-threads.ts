import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import {
  ceilingGroups,
  comesOutAlike,
  type Choice,
  type SimulationOptions,
  type Totals,
} from '@scalelab/simulation';

interface Answer {
  readonly index: number;
  readonly totals: Totals;
}

const choicesAThread = 8;
/** Nearly all that a simulation makes is garbage at once: a larger nursery only takes memory. */
const maxYoungGenerationSizeMb = 16;

/** Results of all choices, and which are still to be simulated. */
class SweepWork {
  readonly results: Totals[] = [];
  simulated = 0;
  done = 0;
  /** Those that must be simulated, taken from the front. */
  private readonly queue: number[];
  /** By the index of a group's first choice: the others, and all ceilings. */
  private readonly groups: ReadonlyMap<
    number,
    { readonly others: readonly number[]; readonly ceilings: readonly number[] }
  >;
  private readonly waiting: (() => void)[] = [];
  private open: number;

  constructor(options: SimulationOptions, choices: readonly Choice[]) {
    const groups = ceilingGroups(options, choices);
    this.groups = new Map(
      groups.map(({ members: [first = 0, ...others], ceilings }) => [first, { others, ceilings }]),
    );
    this.queue = [...this.groups.keys()];
    this.open = choices.length;
  }

  /** The next choice, as soon as it is known which must be simulated; undefined: none is left. */
  async next(): Promise<number | undefined> {
    while (this.queue.length === 0 && this.open > 0)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.queue.shift();
  }

  take(index: number, totals: Totals): void {
    this.simulated++;
    this.keep(index, totals);
    const group = this.groups.get(index);
    const [ceiling = 0, ...lower] = group?.ceilings ?? [];
    for (const [i, other] of (group?.others ?? []).entries()) {
      if (comesOutAlike(totals, ceiling, lower[i] ?? 0)) this.keep(other, totals);
      else this.queue.push(other);
    }
    for (const wake of this.waiting.splice(0)) wake();
  }

  private keep(index: number, totals: Totals): void {
    this.results[index] = totals;
    this.done++;
    this.open--;
  }
}

export interface SweepResults {
  /** In the order of the choices. */
  readonly totals: readonly Totals[];
  /** How many were simulated; the others must come out like one of these. */
  readonly simulated: number;
}

/** Simulates choices on as many threads as there are cores. */
export async function simulateChoices(
  options: SimulationOptions,
  choices: readonly Choice[],
  progress: (done: number) => void,
): Promise<SweepResults> {
  const work = new SweepWork(options, choices);
  const threads = Math.max(1, Math.min(availableParallelism(), Math.ceil(choices.length / choicesAThread)));
  const workers: Worker[] = [];
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(join(__dirname, 'sweep.entry.cjs'), {
        workerData: options,
        resourceLimits: { maxYoungGenerationSizeMb },
      });
      workers.push(worker);
      const give = async (): Promise<void> => {
        const index = await work.next();
        const choice = index === undefined ? undefined : choices[index];
        if (choice === undefined) resolve();
        else worker.postMessage({ index, choice });
      };
      worker.on('message', ({ index, totals }: Answer) => {
        work.take(index, totals);
        progress(work.done);
        give().catch(reject);
      });
      worker.on('error', reject);
      give().catch(reject);
    });
  try {
    await Promise.all(Array.from({ length: threads }, run));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return { totals: work.results, simulated: work.simulated };
}
