import type { Expectation } from '../evidence';
import type { Plan, PlanContext } from '../plan';

const activation: Expectation = {
  phase: 'activation',
  kind: 'stays',
  replicas: 0,
  because: 'lag 2, activation at more than 3',
};
// A partition works on 4 records at a time, so 24 in all, 250 ms each: 5,000 take 52 s whatever the replicas, longer than three syncs.
const out: Expectation = {
  phase: 'out',
  kind: 'reaches',
  replicas: 6,
  because: 'lag 5,000 / 10 = 500, capped at 6 partitions',
};
const back: Expectation = { phase: 'in', kind: 'returns', replicas: 0, because: 'no lag for the cooldown' };

/** kafka-consumer by lag: KEDA's kafka trigger, capped by the topic's partitions. */
export const kafkaConsumer: Plan = {
  name: 'kafka-consumer',
  namespace: 'kafka-consumer',
  expectations: [activation, out, back],
  store: { table: 'kafka-consumer-events', payload: 'data' },
  async run(tour) {
    await tour.expecting(activation, async () => {
      await send(tour, 2);
      await tour.pause(8_000);
    });
    await tour.expecting(out, async () => {
      await send(tour, 4_998);
      await tour.replicas(6, 60_000);
    });
    await tour.expecting(back, async () => {
      await tour.killPod();
      await tour.stored(150_000);
      tour.quiet();
      await tour.replicas(0, 90_000);
    });
  },
};

async function send(tour: PlanContext, count: number): Promise<void> {
  tour.load(`${count} records of 250 ms`, { count });
  const ids = Array.from({ length: count }, () => tour.newId());
  await tour.produce(
    'events',
    ids.map((id) => ({ tour: id, work: { ms: 250 } })),
  );
  tour.sent(ids);
}
