import type { SeededRandom } from '@scalelab/testing';
import type { WrittenSeries } from './remote-write';

export const beginMs = 1_700_000_000_000;
export const spanMs = 45 * 60_000;

type Sample = WrittenSeries['samples'][number];

/** Scrapes every `everyMs` with some jitter; now and then a gap, or an end with a staleness marker and a later return. */
function scrapes(random: SeededRandom, everyMs: number, next: (i: number) => number): Sample[] {
  const samples: Sample[] = [];
  const offset = random.int(0, everyMs - 1);
  let i = 0;
  for (let t = offset; t < spanMs; t += everyMs) {
    const timeMs = beginMs + t + (random.next() < 0.3 ? random.int(0, 400) : 0);
    const fate = random.next();
    if (fate < 0.015) t += everyMs * random.int(1, 30);
    else if (fate < 0.025) {
      samples.push({ timeMs, value: null });
      t += everyMs * random.int(1, 40);
    } else samples.push({ timeMs, value: next(i++) });
  }
  return samples;
}

function counter(random: SeededRandom): (i: number) => number {
  let value = random.next() < 0.5 ? 0 : random.int(0, 1_000_000);
  const pace = random.int(0, 40);
  return () => {
    if (random.next() < 0.03) value = random.int(0, 5);
    else value += random.next() < 0.2 ? 0 : random.next() * pace;
    return random.next() < 0.5 ? Math.floor(value) : value;
  };
}

function gauge(random: SeededRandom): (i: number) => number {
  const size = 10 ** random.int(-3, 9);
  return () => {
    const fate = random.next();
    if (fate < 0.01) return Number.NaN;
    if (fate < 0.015) return Number.POSITIVE_INFINITY;
    return (random.next() - 0.3) * size;
  };
}

/** Counters with resets, gauges and a histogram of a few jobs, with gaps and series that come and go. */
export function exampleSeries(random: SeededRandom): readonly WrittenSeries[] {
  const series: WrittenSeries[] = [];
  const everyMs = [5_000, 10_000, 15_000, 30_000];
  for (const job of ['api', 'worker', 'web']) {
    for (let n = 0; n < 4; n++) {
      const labels = { job, instance: `10.0.0.${n}`, zone: n % 2 ? 'a' : 'b' };
      for (const code of ['200', '500']) {
        series.push({
          labels: { __name__: 'requests_total', ...labels, code },
          samples: scrapes(random, random.pick(everyMs), counter(random)),
        });
      }
      series.push({
        labels: { __name__: 'errors_total', ...labels },
        samples: scrapes(random, random.pick(everyMs), counter(random)),
      });
      series.push({
        labels: { __name__: 'memory_bytes', ...labels },
        samples: scrapes(random, random.pick(everyMs), gauge(random)),
      });
      series.push({
        labels: { __name__: 'queue_depth', ...labels },
        samples: scrapes(random, random.pick(everyMs), () => random.int(0, 300)),
      });
    }
    const totals = [0, 0, 0, 0];
    const bounds = ['0.1', '0.5', '2', '+Inf'];
    bounds.forEach((le, b) => {
      const samples: Sample[] = [];
      for (let t = 0; t < spanMs; t += 15_000) {
        totals[b] = (totals[b] ?? 0) + (b + 1) * ((t / 15_000) % 7);
        samples.push({ timeMs: beginMs + t, value: totals[b] ?? 0 });
      }
      series.push({ labels: { __name__: 'latency_seconds_bucket', job, le }, samples });
    });
  }
  return series;
}
