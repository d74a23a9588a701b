import { Agent } from 'node:http';
import type { Expectation } from '../evidence';
import type { Plan } from '../plan';

const url = 'http://127.0.0.1:5001/process_message';
const rate = 2;
const cpuMs = 210;

const activation: Expectation = {
  phase: 'activation',
  kind: 'stays',
  replicas: 2,
  because: 'idle pods are far below 70 % of 250m',
};
// 2 requests/s x 210 ms of CPU = 420m. A request costs 7 to 40 ms beside that (measured: 7 to 10) and idle pods a few m: 430m to 510m over all
// pods once the usage window is full of load. At 250m a pod and a target of 70 % (175m) that is 2.5 to 2.9 pods, so 3: above 385m, where the
// tolerance of 10 % would leave it at 2. A pod that was added counts 30m to 75m too much for one sync (measured: it warms up, and its window is
// younger than that of the pods it relieves): still below 577m, the tolerance at 3.
const out: Expectation = {
  phase: 'out',
  kind: 'reaches',
  replicas: 3,
  because: '430m to 510m CPU / 175m = 2.5 to 2.9',
};
const back: Expectation = { phase: 'in', kind: 'returns', replicas: 2, because: 'idle again' };

/** sqs-worker-api by CPU: a HorizontalPodAutoscaler. Alone, since CPU is what it measures. */
export const sqsWorkerApi: Plan = {
  name: 'sqs-worker-api',
  namespace: 'sqs-worker',
  alone: true,
  expectations: [activation, out, back],
  async run(tour) {
    await tour.expecting(activation, async () => {
      await tour.killPod();
      await tour.replicas(2, 20_000);
      // One sync of the controller (15 s) falls into it.
      await tour.pause(16_000);
    });
    await tour.expecting(out, async () => {
      tour.load(`${rate} requests/s of ${cpuMs} ms CPU`, { rate });
      const agent = new Agent({ keepAlive: true, maxSockets: 32 });
      const scaled = new AbortController();
      const sending = send(scaled.signal, async () => {
        await tour.call({ url: `${url}?cpu=${cpuMs}`, method: 'POST', json: { from: 'tour' }, agent });
      });
      await tour.replicas(3, 90_000);
      // Two more syncs under the same load, with a window of the new pod's own: 3 must hold, not be passed through.
      await tour.pause(31_000);
      scaled.abort();
      await sending;
      agent.destroy();
    });
    await tour.expecting(back, async () => {
      tour.load('none', { rate: 0 });
      await tour.killPod();
      await tour.replicas(2, 90_000);
    });
  },
};

/** Calls `one` at the rate, whether earlier calls have been answered or not, until the signal aborts. */
async function send(signal: AbortSignal, one: () => Promise<void>): Promise<void> {
  const open = new Set<Promise<void>>();
  const begin = performance.now();
  for (let sent = 0; !signal.aborted; sent += 1) {
    const early = begin + (sent * 1_000) / rate - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const running = one().finally(() => open.delete(running));
    open.add(running);
  }
  await Promise.all(open);
}
