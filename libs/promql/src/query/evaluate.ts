import { labelKey, metricName, without, withoutName } from '../labels';
import { parseNumber } from '../number-text';
import type { SampleStore } from '../store/sample-store';
import { aggregate } from './aggregate';
import { scalarBinary, setBinary, vectorBinary, vectorScalarBinary } from './binary';
import { isSetOperator, type Expression, type SelectorExpression } from './expression';
import type { Semantics } from './extrapolation';
import { overTime } from './over-time';
import { parseQuery } from './parse';
import { bucketQuantile, type Bucket } from './quantile';
import { unique, type MatrixSeries, type QueryResult, type VectorSample } from './result';

export interface EvaluateOptions {
  /** How long a sample counts after its time, in milliseconds. Default 300,000. */
  readonly lookbackMs?: number;
  /** Default 3. */
  readonly semantics?: Semantics;
}

type CallExpression = Extract<Expression, { kind: 'call' }>;
type BinaryExpression = Extract<Expression, { kind: 'binary' }>;
type RangeExpression = Extract<Expression, { kind: 'range' }>;

/**
 * The value of a query at one moment.
 *
 * @param query text, or an expression of `parseQuery` where one query is asked again and again
 * @param timeMs in the clock of the store's samples
 * @throws PromqlError
 */
export function evaluate(
  query: string | Expression,
  store: SampleStore,
  timeMs: number,
  options: EvaluateOptions = {},
): QueryResult {
  const expression = typeof query === 'string' ? parseQuery(query) : query;
  const { lookbackMs = 300_000, semantics = 3 } = options;
  return new Evaluation(store, timeMs, lookbackMs, semantics).value(expression);
}

class Evaluation {
  constructor(
    private readonly store: SampleStore,
    private readonly timeMs: number,
    private readonly lookbackMs: number,
    private readonly semantics: Semantics,
  ) {}

  value(expression: Expression): QueryResult {
    switch (expression.kind) {
      case 'number':
        return { type: 'scalar', value: expression.value };
      case 'string':
        return { type: 'string', value: expression.value };
      case 'range':
        return { type: 'matrix', series: this.ranges(expression) };
      case 'selector':
        return { type: 'vector', samples: this.instant(expression) };
      case 'negate': {
        const operand = this.value(expression.operand);
        if (operand.type === 'scalar') return { type: 'scalar', value: -operand.value };
        const negated = this.samples(operand).map(({ labels, value }) => ({
          labels: withoutName(labels),
          value: -value,
        }));
        return { type: 'vector', samples: unique(negated) };
      }
      case 'aggregate': {
        const samples = this.vector(expression.operand);
        return {
          type: 'vector',
          samples: aggregate(expression.operator, samples, expression.grouping, expression.labels),
        };
      }
      case 'binary':
        return this.binary(expression);
      case 'call':
        return this.call(expression);
    }
  }

  private instant({ matchers, offsetMs }: SelectorExpression): readonly VectorSample[] {
    const at = this.timeMs - offsetMs;
    const oldest = at - this.lookbackMs + (this.semantics === 3 ? 1 : 0);
    return this.store.select(matchers).flatMap((series) => {
      const sample = series.at(at);
      return sample && sample.value !== null && sample.timeMs >= oldest
        ? [{ labels: series.labels, value: sample.value }]
        : [];
    });
  }

  private ranges({ selector, rangeMs }: RangeExpression): readonly MatrixSeries[] {
    const end = this.timeMs - selector.offsetMs;
    const start = end - rangeMs + (this.semantics === 3 ? 1 : 0);
    return this.store.select(selector.matchers).flatMap((series) => {
      const { times, values } = series.between(start, end);
      return times.length ? [{ labels: series.labels, times, values }] : [];
    });
  }

  private samples(result: QueryResult): readonly VectorSample[] {
    return result.type === 'vector' ? result.samples : [];
  }

  private vector(expression: Expression): readonly VectorSample[] {
    return this.samples(this.value(expression));
  }

  private scalar(expression: Expression | undefined): number {
    const result = expression ? this.value(expression) : undefined;
    return result?.type === 'scalar' ? result.value : Number.NaN;
  }

  private binary({ operator, left, right, matching, bool }: BinaryExpression): QueryResult {
    const a = this.value(left);
    const b = this.value(right);
    if (isSetOperator(operator))
      return { type: 'vector', samples: setBinary(operator, this.samples(a), this.samples(b), matching) };
    if (a.type === 'scalar' && b.type === 'scalar')
      return { type: 'scalar', value: scalarBinary(operator, a.value, b.value) };
    let samples: VectorSample[];
    if (b.type === 'scalar') samples = vectorScalarBinary(operator, this.samples(a), b.value, false, bool);
    else if (a.type === 'scalar')
      samples = vectorScalarBinary(operator, this.samples(b), a.value, true, bool);
    else samples = vectorBinary(operator, this.samples(a), this.samples(b), matching, bool);
    return { type: 'vector', samples: unique(samples) };
  }

  private call({ name, args }: CallExpression): QueryResult {
    const [first, second] = args;
    const range = args.find((arg) => arg.kind === 'range');
    if (range)
      return {
        type: 'vector',
        samples: this.overTime(name, range, range === second ? this.scalar(first) : 0),
      };
    switch (name) {
      case 'time':
        return { type: 'scalar', value: this.timeMs / 1000 };
      case 'vector':
        return { type: 'vector', samples: [{ labels: {}, value: this.scalar(first) }] };
      case 'scalar': {
        const [only, ...more] = first ? this.vector(first) : [];
        return { type: 'scalar', value: only && more.length === 0 ? only.value : Number.NaN };
      }
      case 'histogram_quantile':
        return {
          type: 'vector',
          samples: this.histogramQuantile(this.scalar(first), second ? this.vector(second) : []),
        };
      default:
        return {
          type: 'vector',
          samples: unique(this.perElement(name, first ? this.vector(first) : [], this.scalar(second))),
        };
    }
  }

  private overTime(name: string, range: RangeExpression, parameter: number): readonly VectorSample[] {
    const apply = overTime[name];
    const endMs = this.timeMs - range.selector.offsetMs;
    const samples = this.ranges(range).flatMap(({ labels, times, values }) => {
      const value = apply?.(
        { times, values, startMs: endMs - range.rangeMs, endMs },
        this.semantics,
        parameter,
      );
      return value === undefined
        ? []
        : [{ labels: name === 'last_over_time' ? labels : withoutName(labels), value }];
    });
    return unique(samples);
  }

  private perElement(name: string, samples: readonly VectorSample[], parameter: number): VectorSample[] {
    const apply = (value: number): number => {
      switch (name) {
        case 'abs':
          return Math.abs(value);
        case 'ceil':
          return Math.ceil(value);
        case 'floor':
          return Math.floor(value);
        case 'clamp_max':
          return Math.min(value, parameter);
        default:
          return Math.max(value, parameter);
      }
    };
    return samples.map(({ labels, value }) => ({ labels: withoutName(labels), value: apply(value) }));
  }

  private histogramQuantile(phi: number, samples: readonly VectorSample[]): readonly VectorSample[] {
    const groups = new Map<string, { labels: VectorSample['labels']; buckets: Bucket[] }>();
    for (const { labels, value } of samples) {
      const upperBound = parseNumber(labels.le ?? '');
      if (upperBound === undefined) continue;
      const kept = without(labels, ['le', metricName]);
      const key = labelKey(kept);
      const group = groups.get(key) ?? { labels: kept, buckets: [] };
      group.buckets.push({ upperBound, count: value });
      groups.set(key, group);
    }
    return [...groups.values()].map(({ labels, buckets }) => ({
      labels,
      value: bucketQuantile(phi, buckets),
    }));
  }
}
