import { Agent } from 'node:http';
import type { Expectation } from '../evidence';
import type { Plan } from '../plan';

const url = 'http://127.0.0.1:8088/';
const headers = { host: 'http-demo-zero.localhost' };
const rate = 70;
const seconds = 45;

const activation: Expectation = {
  phase: 'activation',
  kind: 'stays',
  replicas: 0,
  because: 'no request, no replica',
};
const out: Expectation = { phase: 'out', kind: 'reaches', replicas: 4, because: '70 requests/s / 20 = 3.5' };
const back: Expectation = {
  phase: 'in',
  kind: 'returns',
  replicas: 0,
  because: 'no request for the window and the cooldown',
};

/** http-demo-zero by HTTP from zero: the interceptor counts, and holds what comes before a pod is ready. */
export const httpDemoZero: Plan = {
  name: 'http-demo-zero',
  namespace: 'http-demo',
  expectations: [activation, out, back],
  async run(tour) {
    await tour.expecting(activation, () => tour.pause(8_000));
    await tour.expecting(out, async () => {
      tour.load(`${rate} requests/s for ${seconds} s`, { rate });
      const agent = new Agent({ keepAlive: true, maxSockets: 64 });
      const answers: Promise<void>[] = [];
      const failures: Record<string, number> = {};
      let answered = 0;
      const send = async () => {
        const { status, error } = await tour.call({ url, headers, agent });
        if (status === 200) answered += 1;
        else failures[error ?? `status ${status}`] = (failures[error ?? `status ${status}`] ?? 0) + 1;
      };
      const begin = performance.now();
      for (let sent = 0; sent < rate * seconds && !tour.signal.aborted; sent += 1) {
        const early = begin + (sent * 1_000) / rate - performance.now();
        if (early > 1) await tour.pause(early);
        answers.push(send());
      }
      await Promise.all(answers);
      agent.destroy();
      tour.requests({ sent: answers.length, answered, failures });
    });
    await tour.expecting(back, async () => {
      tour.load('none', { rate: 0 });
      tour.quiet();
      await tour.killPod();
      await tour.replicas(0, 90_000);
    });
  },
};
