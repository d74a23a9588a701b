import type { Expectation } from '../evidence';
import type { Plan, PlanContext } from '../plan';

const api = 'http://127.0.0.1:5001/process_messages';

const activation: Expectation = {
  phase: 'activation',
  kind: 'stays',
  replicas: 0,
  because: '3 messages, activation at more than 5',
};
// Each message takes 20 s, so none is done when the first sync comes, 17 s after the send at the latest: 120 are visible or in flight.
// The demo profile lets 10 pods a sync be added, so the one step suffices.
const out: Expectation = { phase: 'out', kind: 'reaches', replicas: 6, because: '120 messages / 20 = 6' };
// 4,880 messages of 400 ms on at most 100 slots take 20 s: longer than a sync.
const most: Expectation = {
  phase: 'out',
  kind: 'reaches',
  replicas: 10,
  because: '5,000 messages / 20 = 250, at most 10',
};
const back: Expectation = {
  phase: 'in',
  kind: 'returns',
  replicas: 0,
  because: 'an empty queue for the cooldown',
};

/** sqs-worker by queue depth: KEDA's aws-sqs-queue trigger. */
export const sqsWorker: Plan = {
  name: 'sqs-worker',
  namespace: 'sqs-worker',
  expectations: [activation, out, most, back],
  store: { table: 'sqs-worker-items', payload: 'body' },
  async run(tour) {
    await tour.expecting(activation, async () => {
      await send(tour, 3, 20_000);
      await tour.pause(8_000);
    });
    await tour.expecting(out, async () => {
      await send(tour, 117, 20_000);
      await tour.replicas(6, 60_000);
    });
    await tour.expecting(most, async () => {
      await send(tour, 4_880, 400);
      await tour.killPod();
      await tour.replicas(10, 60_000);
    });
    await tour.expecting(back, async () => {
      await tour.killPod();
      await tour.stored(120_000);
      tour.quiet();
      await tour.replicas(0, 90_000);
    });
  },
};

async function send(tour: PlanContext, count: number, ms: number): Promise<void> {
  tour.load(`${count} messages of ${ms} ms`, { count });
  for (let left = count; left > 0; left -= 1_000) {
    const ids = Array.from({ length: Math.min(left, 1_000) }, () => tour.newId());
    const json = ids.map((id) => ({ tour: id, work: { ms } }));
    await tour.mustCall({ url: api, method: 'POST', json, timeoutMs: 30_000 });
    tour.sent(ids);
  }
}
