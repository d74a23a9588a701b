import {
  formatLabels,
  keepOnly,
  keyOfOnly,
  labelKey,
  metricName,
  without,
  withoutName,
  type Labels,
} from '../labels';
import {
  isComparison,
  type ArithmeticOperator,
  type ComparisonOperator,
  type Matching,
  type SetOperator,
} from './expression';
import { PromqlError } from './promql-error';
import type { VectorSample } from './result';

type Operator = ArithmeticOperator | ComparisonOperator;

function calculate(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '^':
      return power(a, b);
  }
}

/** Go's math.Pow: 1 to any power and -1 to an infinite one are 1, where JavaScript says NaN. */
function power(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b;
}

function compare(operator: ComparisonOperator, a: number, b: number): boolean {
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '>':
      return a > b;
    case '<':
      return a < b;
    case '>=':
      return a >= b;
    case '<=':
      return a <= b;
  }
}

export function scalarBinary(operator: Operator, a: number, b: number): number {
  if (!isComparison(operator)) return calculate(operator, a, b);
  return compare(operator, a, b) ? 1 : 0;
}

/** A vector and a scalar; `swapped`: the scalar stands on the left. A comparison keeps the vector's value. */
export function vectorScalarBinary(
  operator: Operator,
  samples: readonly VectorSample[],
  scalar: number,
  swapped: boolean,
  bool: boolean,
): VectorSample[] {
  return samples.flatMap(({ labels, value }) => {
    const [a, b] = swapped ? [scalar, value] : [value, scalar];
    if (!isComparison(operator)) return [{ labels: withoutName(labels), value: calculate(operator, a, b) }];
    const holds = compare(operator, a, b);
    if (bool) return [{ labels: withoutName(labels), value: holds ? 1 : 0 }];
    return holds ? [{ labels, value }] : [];
  });
}

function signature(labels: Labels, { on, labels: names }: Matching): string {
  return on ? keyOfOnly(labels, names) : labelKey(without(labels, [...names, metricName]));
}

function matchGroup(labels: Labels, { on, labels: names }: Matching): string {
  return formatLabels(on ? keepOnly(labels, names) : without(labels, [...names, metricName]));
}

/** Two vectors, one to one. */
export function vectorBinary(
  operator: Operator,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
  matching: Matching,
  bool: boolean,
): VectorSample[] {
  if (left.length === 0 || right.length === 0) return [];
  const partners = new Map<string, VectorSample>();
  for (const sample of right) {
    const key = signature(sample.labels, matching);
    const other = partners.get(key);
    if (other) {
      throw new PromqlError(
        'Execution',
        `found duplicate series for the match group ${matchGroup(sample.labels, matching)} on the right hand-side of the operation: ` +
          `[${formatLabels(other.labels)}, ${formatLabels(sample.labels)}]; many-to-many matching not allowed: matching labels must be unique on one side`,
      );
    }
    partners.set(key, sample);
  }
  const used = new Set<string>();
  return left.flatMap((sample) => {
    const key = signature(sample.labels, matching);
    const partner = partners.get(key);
    if (!partner) return [];
    const comparison = isComparison(operator);
    const holds = comparison && compare(operator, sample.value, partner.value);
    if (comparison && !holds && !bool) return [];
    if (used.has(key)) {
      throw new PromqlError(
        'Execution',
        `multiple matches for labels: many-to-one matching must be explicit (group_left/group_right), which is not supported`,
      );
    }
    used.add(key);
    const named = comparison && !bool ? sample.labels : withoutName(sample.labels);
    const labels = matching.on ? keepOnly(named, matching.labels) : without(named, matching.labels);
    if (!comparison) return [{ labels, value: calculate(operator, sample.value, partner.value) }];
    return [{ labels, value: bool ? (holds ? 1 : 0) : sample.value }];
  });
}

/** Many to many: whole elements come through or not. */
export function setBinary(
  operator: SetOperator,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
  matching: Matching,
): readonly VectorSample[] {
  const keys = (samples: readonly VectorSample[]): Set<string> =>
    new Set(samples.map((s) => signature(s.labels, matching)));
  if (operator === 'or') {
    const present = keys(left);
    return [...left, ...right.filter((s) => !present.has(signature(s.labels, matching)))];
  }
  const others = keys(right);
  return left.filter((s) => others.has(signature(s.labels, matching)) === (operator === 'and'));
}
