import { PlacedError } from './formula-error';
import { equalValues, type FormulaValue, goTypeOf, isNumeric, wrapInt } from './value';

const longestRange = 1_000_000;

/** `left operator right` for all operators that look at both sides. Throws PlacedError. */
export function applyOperator(
  operator: string,
  left: FormulaValue,
  right: FormulaValue,
  at: number,
): FormulaValue {
  switch (operator) {
    case '==':
      return equalValues(left, right);
    case '!=':
      return !equalValues(left, right);
    case 'in':
      return Array.isArray(right) && right.some((item: FormulaValue) => equalValues(left, item));
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return applyToText(operator, left, right, at);
    case '..':
      return range(left, right, at);
    default:
      return arithmetic(operator, left, right, at);
  }
}

const mismatch = (operator: string, left: FormulaValue, right: FormulaValue, at: number): PlacedError =>
  new PlacedError(`invalid operation: ${goTypeOf(left)} ${operator} ${goTypeOf(right)}`, at);

function applyToText(operator: string, left: FormulaValue, right: FormulaValue, at: number): boolean {
  if (typeof left !== 'string' || typeof right !== 'string') throw mismatch(operator, left, right, at);
  if (operator === 'contains') return left.includes(right);
  return operator === 'startsWith' ? left.startsWith(right) : left.endsWith(right);
}

function range(from: FormulaValue, to: FormulaValue, at: number): FormulaValue {
  if (typeof from !== 'bigint' || typeof to !== 'bigint') throw mismatch('..', from, to, at);
  const length = Number(to - from) + 1;
  if (length > longestRange) throw new PlacedError('memory budget exceeded', at);
  return Array.from({ length: Math.max(0, length) }, (_, i) => from + BigInt(i));
}

function arithmetic(operator: string, left: FormulaValue, right: FormulaValue, at: number): FormulaValue {
  if (typeof left === 'string' && typeof right === 'string') {
    if (operator === '+') return left + right;
    if (['<', '>', '<=', '>='].includes(operator)) return compare(operator, left, right);
  }
  if (!isNumeric(left) || !isNumeric(right)) throw mismatch(operator, left, right, at);
  if (['<', '>', '<=', '>='].includes(operator)) {
    return typeof left === typeof right
      ? compare(operator, left, right)
      : compare(operator, Number(left), Number(right));
  }
  if (operator === '/') return Number(left) / Number(right);
  if (operator === '**' || operator === '^') return Number(left) ** Number(right);
  if (typeof left === 'bigint' && typeof right === 'bigint')
    return integerArithmetic(operator, left, right, at);
  const [a, b] = [Number(left), Number(right)];
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  if (operator === '*') return a * b;
  throw mismatch(operator, left, right, at);
}

function compare<T extends string | number | bigint>(operator: string, a: T, b: T): boolean {
  if (operator === '<') return a < b;
  if (operator === '>') return a > b;
  return operator === '<=' ? a <= b : a >= b;
}

function integerArithmetic(operator: string, a: bigint, b: bigint, at: number): bigint {
  if (operator === '+') return wrapInt(a + b);
  if (operator === '-') return wrapInt(a - b);
  if (operator === '*') return wrapInt(a * b);
  if (b === 0n) throw new PlacedError('runtime error: integer divide by zero', at);
  return a % b;
}
