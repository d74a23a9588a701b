import { truncateToInt64 } from '../../trigger/milli';

/** A value while a formula runs: floats are numbers, integers (64 bits) are bigints. */
export type FormulaValue = number | bigint | boolean | string | null | readonly FormulaValue[];

export const isNumeric = (value: FormulaValue): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';

/** Go's name of the value's type, for errors. */
export function goTypeOf(value: FormulaValue): string {
  if (value === null) return '<nil>';
  if (typeof value === 'object') return '[]interface {}';
  return { number: 'float64', bigint: 'int', boolean: 'bool', string: 'string' }[
    typeof value as 'number' | 'bigint' | 'boolean' | 'string'
  ];
}

export const wrapInt = (value: bigint): bigint => BigInt.asIntN(64, value);

/** int(x) of Go. */
export const floatToInt = (value: number): bigint => BigInt(truncateToInt64(value));

/** Equality across integers and floats; arrays element by element. */
export function equalValues(a: FormulaValue, b: FormulaValue): boolean {
  if (isNumeric(a) && isNumeric(b)) return typeof a === typeof b ? a === b : Number(a) === Number(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return (
      a.length === b.length && a.every((item, i) => equalValues(item as FormulaValue, b[i] as FormulaValue))
    );
  }
  return a === b;
}
