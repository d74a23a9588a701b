import type { Matcher } from '../store/matcher';

export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
export type AggregateOperator = 'sum' | 'avg' | 'min' | 'max' | 'count';

/** How elements of two vectors are paired. */
export interface Matching {
  readonly on: boolean;
  readonly labels: readonly string[];
}

export interface SelectorExpression {
  readonly kind: 'selector';
  readonly matchers: readonly Matcher[];
  readonly offsetMs: number;
}

/** A query taken apart and checked for types, ready to be evaluated at any time. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | SelectorExpression
  | { readonly kind: 'range'; readonly selector: SelectorExpression; readonly rangeMs: number }
  | { readonly kind: 'negate'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: ArithmeticOperator | ComparisonOperator | SetOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly bool: boolean;
      readonly matching: Matching;
    }
  | {
      readonly kind: 'aggregate';
      readonly operator: AggregateOperator;
      readonly operand: Expression;
      /** `by`: these labels stay. `without`: these go, and the name. */
      readonly grouping: 'by' | 'without';
      readonly labels: readonly string[];
    }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly type: ValueType;
    };

const comparisons: readonly string[] = ['==', '!=', '>', '<', '>=', '<='];

export function isComparison(operator: string): operator is ComparisonOperator {
  return comparisons.includes(operator);
}

export function isSetOperator(operator: string): operator is SetOperator {
  return operator === 'and' || operator === 'or' || operator === 'unless';
}

export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregate':
      return 'vector';
    case 'range':
      return 'matrix';
    case 'negate':
      return typeOf(expression.operand);
    case 'binary':
      return typeOf(expression.left) === 'scalar' && typeOf(expression.right) === 'scalar'
        ? 'scalar'
        : 'vector';
    case 'call':
      return expression.type;
  }
}
