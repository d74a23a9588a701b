export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent';

export interface Suffix {
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: QuantityFormat;
}

const decimal: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binary: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

const bySuffix = new Map<string, Suffix>([
  ...Object.entries(decimal).map(([s, exponent]): [string, Suffix] => [
    s,
    { base: 10, exponent, format: 'DecimalSI' },
  ]),
  ...Object.entries(binary).map(([s, exponent]): [string, Suffix] => [
    s,
    { base: 2, exponent, format: 'BinarySI' },
  ]),
]);
const decimalNames = new Map(Object.entries(decimal).map(([s, exponent]) => [exponent, s]));
const binaryNames = new Map(Object.entries(binary).map(([s, exponent]) => [exponent, s]));

/** What a suffix means; undefined: there is no such suffix. */
export function suffixOf(text: string): Suffix | undefined {
  const known = bySuffix.get(text);
  if (known !== undefined) return known;
  if (!/^[eE][-+]?\d+$/.test(text)) return undefined;
  return { base: 10, exponent: Number(text.slice(1)), format: 'DecimalExponent' };
}

/** The suffix of a power of ten. "" where the format has none: that is what the API prints, too. */
export function decimalSuffix(exponent: number, format: QuantityFormat): string {
  if (format === 'DecimalExponent') return exponent === 0 ? '' : `e${exponent}`;
  return decimalNames.get(exponent) ?? '';
}

export function binarySuffix(exponent: number): string {
  return binaryNames.get(exponent) ?? '';
}

/** 10^0 to 10^22: all powers of ten that a double holds exactly. */
export const decimalPowers: readonly number[] = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
