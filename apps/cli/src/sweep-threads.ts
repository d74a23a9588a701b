import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Choice, SimulationOptions, Totals } from '@scalelab/simulation';

interface Answer {
  readonly index: number;
  readonly totals: Totals;
}

const choicesAThread = 8;

/** Simulates all choices on as many threads as there are cores. Their order is kept. */
export async function simulateChoices(
  options: SimulationOptions,
  choices: readonly Choice[],
  progress: (done: number) => void,
): Promise<readonly Totals[]> {
  const results: Totals[] = [];
  let next = 0;
  let done = 0;
  const threads = Math.max(1, Math.min(availableParallelism(), Math.ceil(choices.length / choicesAThread)));
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(join(__dirname, 'sweep.entry.cjs'), { workerData: options });
      const give = (): void => {
        const index = next++;
        const choice = choices[index];
        if (choice === undefined) worker.terminate().then(() => resolve(), reject);
        else worker.postMessage({ index, choice });
      };
      worker.on('message', ({ index, totals }: Answer) => {
        results[index] = totals;
        progress(++done);
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: threads }, work));
  return results;
}
