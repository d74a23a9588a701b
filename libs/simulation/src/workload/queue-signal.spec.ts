import { defaultModel } from './workload-model';
import { queueSignal } from './queue-signal';

const prometheus = (query: string) => ({ type: 'prometheus', metadata: { query } });

describe('what a trigger reads of the queue', () => {
  it.each([
    ['sum(increase(http_requests_total[2m]))', { kind: 'arrivalRate', windowSeconds: 120, scale: 120 }],
    ['sum(rate(http_requests_total{a="b"}[90s]))', { kind: 'arrivalRate', windowSeconds: 90, scale: 1 }],
    ['sum(irate(http_requests_total[5m]))', { kind: 'arrivalRate', windowSeconds: 1, scale: 1 }],
    ['queue_length', { kind: 'backlog', windowSeconds: 1, scale: 1 }],
  ])('is, for the query %s, %j', (query, signal) => {
    expect(queueSignal(prometheus(query), undefined, defaultModel)).toEqual(signal);
  });

  it("is requests a second over a route's window", () => {
    const trigger = { type: 'external-push', metadata: { interceptorRoute: 'shop' } };
    const route = { requestRate: { targetValue: 20, window: '15s' } };
    expect(queueSignal(trigger, { interceptorRoute: route }, defaultModel)).toEqual({
      kind: 'arrivalRate',
      windowSeconds: 15,
      scale: 1,
    });
    const concurrency = { concurrency: { targetValue: 5 } };
    expect(queueSignal(trigger, { interceptorRoute: concurrency }, defaultModel).kind).toBe('backlog');
  });

  it('is what the model says, where it does', () => {
    const model = { ...defaultModel, signal: 'waiting', signalScale: 2 } as const;
    expect(queueSignal(prometheus('rate(x[1m])'), undefined, model)).toMatchObject({
      kind: 'waiting',
      scale: 2,
    });
  });
});
