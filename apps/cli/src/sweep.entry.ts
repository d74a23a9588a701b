import { parentPort, workerData } from 'node:worker_threads';
import { applyChoice, simulate, type Choice, type SimulationOptions } from '@scalelab/simulation';

/** One thread of a sweep: gets choices one by one, gives totals. */
const options = workerData as SimulationOptions;

parentPort?.on('message', ({ index, choice }: { readonly index: number; readonly choice: Choice }) => {
  const { totals } = simulate({
    ...options,
    target: applyChoice(options.target, choice),
    decisions: false,
    stepSeconds: 0,
  });
  parentPort?.postMessage({ index, totals });
});
