import type { Expectation } from '../evidence';
import type { Plan } from '../plan';

const url = 'http://127.0.0.1:8080/';

// increase() over 1 min of 108 requests sent at once, extrapolated by at most a scrape interval (5 s of 60): 108 to 118. With the
// 3 of before: 111 to 121. Threshold 25: 4.4 to 4.9, so 5.
const activation: Expectation = {
  phase: 'activation',
  kind: 'stays',
  replicas: 1,
  because: '3 requests a minute / 25 = 0.1, at least 1',
};
const out: Expectation = {
  phase: 'out',
  kind: 'reaches',
  replicas: 5,
  because: '108 to 121 requests a minute / 25 = 4.3 to 4.9',
};
const back: Expectation = { phase: 'in', kind: 'returns', replicas: 1, because: 'no request for a minute' };

/** http-demo by its own counter: KEDA's prometheus trigger. */
export const httpDemo: Plan = {
  name: 'http-demo',
  namespace: 'http-demo',
  expectations: [activation, out, back],
  async run(tour) {
    await tour.expecting(activation, async () => {
      tour.load('3 requests', { count: 3 });
      for (let sent = 0; sent < 3; sent += 1) await tour.mustCall({ url });
      await tour.pause(5_000);
      await tour.killPod();
      await tour.pause(17_000);
    });
    await tour.expecting(out, async () => {
      tour.load('108 requests', { count: 108 });
      await Promise.all(Array.from({ length: 108 }, () => tour.mustCall({ url })));
      await tour.replicas(5, 60_000);
      await tour.killPod();
    });
    await tour.expecting(back, async () => {
      tour.load('none', { rate: 0 });
      await tour.pause(1_000);
      await tour.killPod();
      await tour.replicas(1, 120_000);
    });
  },
};
