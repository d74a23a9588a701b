import { formatNumber } from '../number-text';
import { labelKey, type Labels } from '../labels';
import { PromqlError } from './promql-error';

export interface VectorSample {
  readonly labels: Labels;
  readonly value: number;
}

export interface MatrixSeries {
  readonly labels: Labels;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export type QueryResult =
  | { readonly type: 'scalar'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'vector'; readonly samples: readonly VectorSample[] }
  | { readonly type: 'matrix'; readonly series: readonly MatrixSeries[] };

/** @throws PromqlError when two elements have the same labels, which happens when names or labels are dropped */
export function unique(samples: readonly VectorSample[]): readonly VectorSample[] {
  const seen = new Set<string>();
  for (const { labels } of samples) {
    const key = labelKey(labels);
    if (seen.has(key))
      throw new PromqlError('Execution', 'vector cannot contain metrics with the same labelset');
    seen.add(key);
  }
  return samples;
}

/** `data` of the HTTP API's answer to an instant query at `timeMs`. */
export function apiData(
  result: QueryResult,
  timeMs: number,
): { readonly resultType: string; readonly result: unknown } {
  const at = timeMs / 1000;
  switch (result.type) {
    case 'scalar':
      return { resultType: 'scalar', result: [at, formatNumber(result.value)] };
    case 'string':
      return { resultType: 'string', result: [at, result.value] };
    case 'vector':
      return {
        resultType: 'vector',
        result: result.samples.map((s) => ({ metric: s.labels, value: [at, formatNumber(s.value)] })),
      };
    case 'matrix':
      return {
        resultType: 'matrix',
        result: result.series.map((s) => ({
          metric: s.labels,
          values: s.values.map((v, i) => [(s.times[i] ?? 0) / 1000, formatNumber(v)]),
        })),
      };
  }
}
