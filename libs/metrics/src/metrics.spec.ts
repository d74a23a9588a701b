import { register } from 'prom-client';
import Histogram from 'prom-client/lib/histogram';
import Registry from 'prom-client/lib/registry';
import { seededRandom } from '@scalelab/testing';
import { createMetrics, queueWorkMetrics, TimeHistogram, workMetrics } from './index';

async function linesOf(registry: { metrics(): Promise<string> }, name: string): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line.startsWith(name));
}

describe('TimeHistogram', () => {
  it('prints what a prom-client histogram prints for the same observations', async () => {
    const buckets = [0.1, 0.5, 1, 2.5];
    const [ours, theirs] = [new Registry(), new Registry()];
    const mine = new TimeHistogram(ours, 'h_seconds', 'help', buckets);
    const reference = new Histogram({
      name: 'h_seconds',
      help: 'help',
      buckets,
      labelNames: ['a'],
      registers: [theirs],
    });
    const random = seededRandom(7);
    for (let count = 0; count < 2000; count++) {
      const value = random.int(0, 30) / 10;
      const labels = { a: random.pick(['x', 'y']) };
      mine.series(labels).observe(value);
      reference.observe(labels, value);
    }
    // prom-client prints `{le,a}`, as this does; sums are added in the same order, so they are equal to the last digit.
    expect((await ours.metrics()).split('\n').sort()).toEqual((await theirs.metrics()).split('\n').sort());
  });

  it('puts a value on a bound into that bucket', async () => {
    const registry = new Registry();
    new TimeHistogram(registry, 'h', 'help', [1, 2]).series().observe(1);
    expect(await linesOf(registry, 'h_bucket')).toEqual([
      'h_bucket{le="1"} 1',
      'h_bucket{le="2"} 1',
      'h_bucket{le="+Inf"} 1',
    ]);
  });
});

describe('createMetrics', () => {
  it('has process and event-loop metrics on a registry of its own', async () => {
    const { registry } = createMetrics({ service: 'a-service' });
    const text = await registry.metrics();
    for (const name of [
      'process_cpu_seconds_total',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
      'nodejs_heap_size_used_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_eventloop_utilization',
    ]) {
      expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
    }
    expect(register.getMetricsAsArray()).toEqual([]);
  });

  it('reads plausible values', async () => {
    const { registry } = createMetrics({ service: 'a' });
    const value = async (name: string) => Number((await linesOf(registry, `${name} `))[0]?.split(' ')[1]);
    expect(await value('process_resident_memory_bytes')).toBeGreaterThan(10e6);
    expect(
      Math.abs((await value('process_start_time_seconds')) * 1000 + process.uptime() * 1000 - Date.now()),
    ).toBeLessThan(3000);
    const before = await value('process_cpu_seconds_total');
    const end = performance.now() + 30;
    while (performance.now() < end);
    expect(await value('process_cpu_seconds_total')).toBeGreaterThan(before);
  });

  it('keeps two services in one process apart', async () => {
    const one = createMetrics({ service: 'one', defaults: false });
    const two = createMetrics({ service: 'two', defaults: false });
    one.counter('x_total', 'help').inc();
    expect(await two.registry.metrics()).not.toContain('x_total');
  });

  it('refuses a name twice, names that Prometheus does not allow, and falling counters', () => {
    const metrics = createMetrics({ service: 'a', defaults: false });
    const counter = metrics.counter('x_total', 'help');
    expect(() => metrics.gauge('x_total', 'help')).toThrow('already been registered');
    expect(() => metrics.gauge('x-y', 'help')).toThrow('metric name "a_x-y" is not allowed');
    expect(() => counter.inc(-1)).toThrow('can only grow');
    expect(() => counter.inc(Number.NaN)).toThrow('can only grow');
  });

  it('counts requests by route, method and status, rare methods in one series', async () => {
    const { http, registry } = createMetrics({ service: 'a', defaults: false });
    http.observe('/items/:id', 'GET', 200, 0.02);
    http.observe('/items/:id', 'GET', 200, 3);
    http.observe('/items/:id', 'PROPFIND', 404, 0.1);
    http.observe('/items/:id', 'LOCK', 404, 0.1);
    expect(await linesOf(registry, 'http_request_duration_seconds_count')).toEqual([
      'http_request_duration_seconds_count{route="/items/:id",method="GET",status="200"} 2',
      'http_request_duration_seconds_count{route="/items/:id",method="OTHER",status="404"} 2',
    ]);
  });
});

describe('workMetrics', () => {
  it('has the fixed names, every series there from the start', async () => {
    const metrics = createMetrics({ service: 'sqs-worker', defaults: false });
    const work = queueWorkMetrics(metrics, { outcomes: ['ok', 'failed', 'duplicate'] });
    const before = await metrics.registry.metrics();
    for (const sample of [
      'sqs_worker_in_flight 0',
      'sqs_worker_processed_total{outcome="ok"} 0',
      'sqs_worker_processed_total{outcome="duplicate"} 0',
      'sqs_worker_processing_seconds_count 0',
      'sqs_worker_backlog_age_seconds 0',
      'sqs_worker_redelivered_total 0',
      'sqs_worker_dead_lettered_total 0',
      'sqs_worker_draining 0',
    ]) {
      expect(before.split('\n')).toContain(sample);
    }
    work.inFlight.inc();
    work.processed.inc('ok', 3);
    work.processingSeconds.observe(0.2);
    work.backlogAgeSeconds.set(12.5);
    work.redelivered.inc(2);
    work.deadLettered.inc();
    work.draining.set(1);
    const after = (await metrics.registry.metrics()).split('\n');
    expect(after).toEqual(
      expect.arrayContaining([
        'sqs_worker_in_flight 1',
        'sqs_worker_processed_total{outcome="ok"} 3',
        'sqs_worker_processing_seconds_sum 0.2',
        'sqs_worker_backlog_age_seconds 12.5',
        'sqs_worker_redelivered_total 2',
        'sqs_worker_dead_lettered_total 1',
        'sqs_worker_draining 1',
      ]),
    );
  });

  it('says nothing of a backlog where there is none', async () => {
    const metrics = createMetrics({ service: 'http-demo', defaults: false });
    workMetrics(metrics);
    expect(await metrics.registry.metrics()).not.toContain('backlog_age');
  });
});
