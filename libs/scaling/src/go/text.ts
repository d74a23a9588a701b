/** A failed conversion, in the words of Go's strconv. */
export class GoTextError extends Error {
  override readonly name = 'GoTextError';
}

/** %q: a Go string literal. */
export const quote = (text: string): string => JSON.stringify(text);

const minInt = { 32: -(2n ** 31n), 64: -(2n ** 63n) };
const maxInt = { 32: 2n ** 31n - 1n, 64: 2n ** 63n - 1n };

function failed(what: string, text: string, why: string): never {
  throw new GoTextError(`strconv.${what}: parsing ${quote(text)}: ${why}`);
}

/** strconv.ParseInt in base 10: sign and digits only. Throws GoTextError. */
export function parseInt64(text: string, bits: 32 | 64 = 64): bigint {
  if (!/^[+-]?\d+$/.test(text)) failed('ParseInt', text, 'invalid syntax');
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  if (value < minInt[bits] || value > maxInt[bits]) failed('ParseInt', text, 'value out of range');
  return value;
}

/** strconv.Atoi: as ParseInt, in its own name. */
export function atoi(text: string): number {
  if (!/^[+-]?\d+$/.test(text)) failed('Atoi', text, 'invalid syntax');
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  if (value < minInt[64] || value > maxInt[64]) failed('Atoi', text, 'value out of range');
  return Number(value);
}

const truths = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const falsehoods = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** strconv.ParseBool. Throws GoTextError. */
export function parseBool(text: string): boolean {
  if (truths.has(text)) return true;
  if (!falsehoods.has(text)) failed('ParseBool', text, 'invalid syntax');
  return false;
}

const decimal = /^[+-]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)([eE][+-]?\d[\d_]*)?$/;
const hexadecimal = /^([+-]?)0[xX]([\da-fA-F_]*)\.?([\da-fA-F_]*)[pP]([+-]?\d[\d_]*)$/;
// An underscore only stands between two digits (the prefix 0x counts as one).
const strayUnderscore = /(^|[^\da-fA-FxX])_|_($|[^\da-fA-F])/;

/** strconv.ParseFloat, 64 bits: decimal, hexadecimal, infinities, NaN, underscores between digits. Throws GoTextError. */
export function parseFloat64(text: string): number {
  const word = text.toLowerCase();
  if (word === 'nan') return NaN;
  if (/^[+-]?inf(inity)?$/.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  const bare = text.replaceAll('_', '');
  const value = hexadecimal.test(text) ? hexFloat(bare) : decimal.test(text) ? Number(bare) : NaN;
  if (Number.isNaN(value) || strayUnderscore.test(text)) failed('ParseFloat', text, 'invalid syntax');
  if (!Number.isFinite(value)) failed('ParseFloat', text, 'value out of range');
  return value;
}

function hexFloat(text: string): number {
  const [, sign, whole = '', fraction = '', exponent = '0'] = hexadecimal.exec(text) ?? [];
  if (whole + fraction === '') return NaN;
  const magnitude = Number(BigInt(`0x${whole}${fraction}`)) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -magnitude : magnitude;
}
