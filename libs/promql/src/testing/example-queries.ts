import type { SeededRandom } from '@scalelab/testing';

const counters = ['requests_total', 'errors_total'];
const gauges = ['memory_bytes', 'queue_depth'];
const overTime = ['avg', 'sum', 'min', 'max', 'count', 'last', 'present', 'stddev', 'stdvar'];
const aggregates = ['sum', 'avg', 'min', 'max', 'count'];
const arithmetic = ['+', '-', '*', '/', '%', '^'];
const comparisons = ['==', '!=', '>', '<', '>=', '<='];

/** Random queries of the supported part of PromQL. */
export class ExampleQueries {
  constructor(private readonly random: SeededRandom) {}

  private matchers(): string {
    const { random } = this;
    const found: string[] = [];
    if (random.next() < 0.5)
      found.push(
        random.pick(['job="api"', 'job!="web"', 'job=~"api|w.*"', 'job!~"a.+"', 'job=~".*"', 'job=""']),
      );
    if (random.next() < 0.3)
      found.push(
        random.pick(['zone="a"', 'instance=~"10\\\\.0\\\\.0\\\\.[01]"', 'nosuch=""', 'nosuch!="x"']),
      );
    return found.length ? `{${found.join(', ')}}` : '';
  }

  private offset(): string {
    return this.random.next() < 0.2 ? ` offset ${this.random.pick(['30s', '1m', '7m', '-1m', '1m30s'])}` : '';
  }

  private selector(): string {
    return this.random.pick([...counters, ...gauges]) + this.matchers() + this.offset();
  }

  private range(names: readonly string[]): string {
    return `${this.random.pick(names)}${this.matchers()}[${this.random.pick(['20s', '30s', '1m', '2m', '5m', '17m', '90s'])}]${this.offset()}`;
  }

  private rangeCall(): string {
    const { random } = this;
    if (random.next() < 0.45) return `${random.pick(['rate', 'increase', 'irate'])}(${this.range(counters)})`;
    if (random.next() < 0.25)
      return `${random.pick(['delta', 'idelta', 'changes', 'resets'])}(${this.range(gauges)})`;
    if (random.next() < 0.15)
      return `quantile_over_time(${random.pick(['0.5', '0.95', '0', '1', '-1', '2'])}, ${this.range(gauges)})`;
    return `${random.pick(overTime)}_over_time(${this.range([...counters, ...gauges])})`;
  }

  private vector(depth: number): string {
    const { random } = this;
    const choice = random.next();
    if (depth <= 0 || choice < 0.2) return this.selector();
    if (choice < 0.5) return this.rangeCall();
    if (choice < 0.75) {
      const modifier = random.pick([
        '',
        ' by (job)',
        ' by (job, zone)',
        ' without (instance)',
        ' by (nosuch)',
        ' without (code, zone)',
        ' by ()',
      ]);
      return random.next() < 0.5
        ? `${random.pick(aggregates)}${modifier} (${this.vector(depth - 1)})`
        : `${random.pick(aggregates)}(${this.vector(depth - 1)})${modifier}`;
    }
    if (choice < 0.8)
      return random.pick([
        `abs(${this.vector(depth - 1)})`,
        `ceil(${this.vector(depth - 1)})`,
        `clamp_max(${this.vector(depth - 1)}, 40)`,
        `-${this.rangeCall()}`,
      ]);
    if (choice < 0.83)
      return `histogram_quantile(${random.pick(['0.5', '0.95', '0.99'])}, sum by (le, job) (rate(latency_seconds_bucket[${random.pick(['1m', '5m'])}])))`;
    return this.binary(depth - 1);
  }

  private binary(depth: number): string {
    const { random } = this;
    const operator =
      random.next() < 0.6
        ? random.pick(arithmetic)
        : `${random.pick(comparisons)}${random.next() < 0.4 ? ' bool' : ''}`;
    // A remainder turns a last bit of difference into anything: only of plain samples.
    if (operator === '%')
      return `${this.selector()} % ${random.pick(['7', '-2.5', '0', 'scalar(sum(queue_depth))'])}`;
    const choice = random.next();
    if (choice < 0.3) return `(${this.vector(depth)}) ${operator} ${this.scalar()}`;
    if (choice < 0.5) return `${this.scalar()} ${operator} (${this.vector(depth)})`;
    if (choice < 0.6)
      return `${this.selector()} ${random.pick(['and', 'or', 'unless'])}${random.pick(['', ' on (job)', ' ignoring (code, __name__)'])} ${this.selector()}`;
    const matching = random.pick([
      '',
      ' on (job)',
      ' on (job, instance)',
      ' ignoring (code)',
      ' ignoring (zone)',
    ]);
    if (choice < 0.8) {
      const by = random.pick([' by (job)', ' by (job, instance)', ' by (zone)']);
      return `sum${by} (${this.rangeCall()}) ${operator}${matching} ${random.pick(['sum', 'max', 'count'])}${by} (${this.rangeCall()})`;
    }
    return `(${this.vector(depth)}) ${operator}${matching} (${this.vector(depth)})`;
  }

  private scalar(): string {
    return this.random.pick([
      '0',
      '1',
      '2.5',
      '-3',
      '1e3',
      '0x10',
      '(1 + 2 * 3)',
      '-2 ^ 2',
      '2 ^ -1 ^ 2',
      '(5 > bool 3)',
      '7 % 4',
      'scalar(sum(queue_depth))',
      'Inf',
      'NaN',
    ]);
  }

  next(): string {
    return this.random.next() < 0.05 ? `vector(${this.scalar()})` : this.vector(2);
  }
}
