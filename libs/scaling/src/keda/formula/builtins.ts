import { atoi, GoTextError, parseFloat64 } from '../../go/text';
import { PlacedError } from './formula-error';
import { type FormulaValue, floatToInt, goTypeOf, isNumeric, wrapInt } from './value';

/** A builtin without predicate. Throws PlacedError. */
export function callBuiltin(name: string, args: readonly FormulaValue[], at: number): FormulaValue {
  const [arg = null] = args;
  switch (name) {
    case 'max':
    case 'min':
      return extreme(name, args, at);
    case 'mean':
      return mean(numbersOf(name, args, at));
    case 'median':
      return median(numbersOf(name, args, at));
    case 'len':
      return BigInt(typeof arg === 'string' ? [...arg].length : listOf(name, arg, at).length);
    case 'first':
      return (Array.isArray(arg) ? (arg as readonly FormulaValue[])[0] : null) ?? null;
    case 'last':
      return (Array.isArray(arg) ? (arg as readonly FormulaValue[]).at(-1) : null) ?? null;
    case 'int':
      return toInt(arg, at);
    case 'float':
      return toFloat(arg, at);
    default:
      return ofNumber(name, arg, at);
  }
}

const invalid = (name: string, value: FormulaValue, at: number): PlacedError =>
  new PlacedError(`invalid argument for ${name} (type ${goTypeOf(value)})`, at);

function listOf(name: string, value: FormulaValue, at: number): readonly FormulaValue[] {
  if (!Array.isArray(value)) throw invalid(name, value, at);
  return value as readonly FormulaValue[];
}

function ofNumber(name: string, value: FormulaValue, at: number): FormulaValue {
  if (!isNumeric(value)) throw invalid(name, value, at);
  if (name === 'abs') return value < 0 ? (typeof value === 'bigint' ? wrapInt(-value) : -value) : value;
  const x = Number(value);
  if (name === 'ceil') return Math.ceil(x);
  if (name === 'floor') return Math.floor(x);
  // Halves go away from zero.
  return x < 0 ? -Math.round(-x) : Math.round(x);
}

function toInt(value: FormulaValue, at: number): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return floatToInt(value);
  return ofText('int', value, at, (text) => BigInt(atoi(text)));
}

/** float(x), also applied to a whole formula's result. */
export function toFloat(value: FormulaValue, at: number): number {
  if (isNumeric(value)) return Number(value);
  return ofText('float', value, at, parseFloat64);
}

function ofText<T>(name: string, value: FormulaValue, at: number, read: (text: string) => T): T {
  if (typeof value !== 'string') throw new PlacedError(`invalid operation: ${name}(${goTypeOf(value)})`, at);
  try {
    return read(value);
  } catch (error) {
    if (error instanceof GoTextError) throw new PlacedError(`invalid operation: ${name}(${value})`, at);
    throw error;
  }
}

function extreme(name: 'max' | 'min', args: readonly FormulaValue[], at: number): FormulaValue {
  let best: number | bigint | null = null;
  const consider = (value: FormulaValue): void => {
    if (!isNumeric(value)) throw invalid(name, value, at);
    if (best === null || (name === 'max' ? best < value : best > value)) best = value;
  };
  for (const arg of args) {
    if (Array.isArray(arg))
      (arg as readonly FormulaValue[]).forEach((item) => consider(extreme(name, [item], at)));
    else if (args.length === 1 && !isNumeric(arg)) return arg;
    else consider(arg);
  }
  return best;
}

function numbersOf(name: string, args: readonly FormulaValue[], at: number): number[] {
  return args.flatMap((arg) => {
    if (Array.isArray(arg)) return numbersOf(name, arg as readonly FormulaValue[], at);
    if (!isNumeric(arg)) throw invalid(name, arg, at);
    return [Number(arg)];
  });
}

function mean(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
