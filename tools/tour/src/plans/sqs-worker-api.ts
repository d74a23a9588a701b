import { Agent } from 'node:http';
import type { Expectation } from '../evidence';
import type { Plan } from '../plan';

const url = 'http://127.0.0.1:5001/process_message';
const rate = 20;
const cpuMs = 14;

const activation: Expectation = {
  phase: 'activation',
  kind: 'stays',
  replicas: 2,
  because: 'idle pods are far below 70 % of 100m',
};
// 20 requests/s x 14 ms of CPU = 280m; the requests' own cost and the probes add 10m to 60m: 290m to 340m over all pods. At 100m a
// pod that is 290 % to 340 % / 70 % = 4.1 to 4.9, so 5.
const out: Expectation = {
  phase: 'out',
  kind: 'reaches',
  replicas: 5,
  because: '290m to 340m CPU / 70m = 4.1 to 4.9',
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
      await tour.pause(12_000);
    });
    await tour.expecting(out, async () => {
      tour.load(`${rate} requests/s of ${cpuMs} ms CPU`, { rate });
      const agent = new Agent({ keepAlive: true, maxSockets: 32 });
      const scaled = new AbortController();
      const sending = send(scaled.signal, async () => {
        await tour.call({ url: `${url}?cpu=${cpuMs}`, method: 'POST', json: { from: 'tour' }, agent });
      });
      await tour.replicas(5, 75_000);
      // One more sync under the same load: 5 must hold, not be passed through.
      await tour.pause(16_000);
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
