import type { Expectation } from '../evidence';
import type { Plan } from '../plan';

const url = 'http://127.0.0.1:8080/';

// increase() of a counter that was first scraped half a minute ago extrapolates by up to a quarter (5 s between scrapes): 76 requests and
// the 3 of before show as 76 to 99. Threshold 25: 3.04 to 3.96, so 4.
const activation: Expectation = {
  phase: 'activation',
  kind: 'stays',
  replicas: 1,
  because: '3 requests a minute / 25 = 0.1, at least 1',
};
const out: Expectation = {
  phase: 'out',
  kind: 'reaches',
  replicas: 4,
  because: '76 to 99 requests a minute / 25 = 3.04 to 3.96',
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
      await tour.pause(22_000);
    });
    await tour.expecting(out, async () => {
      tour.load('76 requests', { count: 76 });
      await Promise.all(Array.from({ length: 76 }, () => tour.mustCall({ url })));
      await tour.replicas(4, 60_000);
      await tour.killPod();
    });
    await tour.expecting(back, async () => {
      tour.load('none', { rate: 0 });
      tour.quiet();
      await tour.pause(1_000);
      await tour.killPod();
      await tour.replicas(1, 120_000);
    });
  },
};
