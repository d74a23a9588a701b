import { maxInt64 } from './int64';
import { QuantityError } from './quantity-error';
import { decimalPowers, suffixOf, type QuantityFormat } from './suffix';

/**
 * A parsed Kubernetes quantity: `unscaled` x 10^`scale`.
 *
 * The API keeps a quantity either as a 64-bit integer with a decimal scale, or, when that does not fit, as an arbitrary
 * decimal (`decimal: true`) rounded away from zero to 9 places. The two round negative numbers differently when they are
 * read in milli-units, so the difference is kept.
 */
export interface Quantity {
  readonly unscaled: bigint;
  readonly scale: number;
  readonly decimal: boolean;
  readonly format: QuantityFormat;
  /** The text it was parsed from, where that text is printed back unchanged. */
  readonly text?: string;
}

const nano = -9;
const int64Digits = 18;
/** Beyond this exponent the arbitrary decimal would have thousands of digits. */
const largestExponent = 400;
const shape = /^([+-]?)(0*)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/;

/** Parses a Kubernetes quantity ("45", "12500m", "12Ki", "1e4"). `field` names it in errors. Throws QuantityError. */
export function parseQuantity(text: string, field = 'quantity'): Quantity {
  if (typeof text !== 'string') throw new QuantityError(field, text, 'is not a quantity');
  if (text === '') throw new QuantityError(field, text, 'is empty');
  const match = shape.exec(text);
  if (match === null) throw new QuantityError(field, text, 'is not a quantity');
  const [, sign = '', zeros = '', digits = '', fraction = '', suffixText = ''] = match;
  const suffix = suffixOf(suffixText);
  if (suffix === undefined)
    throw new QuantityError(field, text, `has the unknown suffix ${JSON.stringify(suffixText)}`);
  const number = digits === '' ? '0' : digits;
  const integer = asScaledInteger(text, sign === '-', number, fraction, suffix);
  if (integer !== undefined) return integer;
  if (zeros + digits + fraction === '') throw new QuantityError(field, text, 'has no digits');
  return asDecimal(text, field, sign === '-', number, fraction, suffix);
}

function asScaledInteger(
  text: string,
  negative: boolean,
  number: string,
  fraction: string,
  suffix: { base: number; exponent: number; format: QuantityFormat },
): Quantity | undefined {
  const binary = suffix.base === 2;
  const room = binary
    ? fraction === ''
      ? 15 - number.length - Math.trunc((suffix.exponent * 3) / 10) - 1
      : -1
    : int64Digits - number.length - fraction.length;
  const scale = (binary ? 0 : suffix.exponent) - fraction.length;
  if (room < 0 || scale < nano) return undefined;
  const shifted = number + fraction;
  const value = BigInt(shifted);
  const unscaled = (binary ? value << BigInt(suffix.exponent) : value) * (negative ? -1n : 1n);
  const canonical = binary
    ? (value & 7n) !== 0n
    : scale % 3 === 0 && !shifted.endsWith('000') && shifted[0] !== '0';
  return { unscaled, scale, decimal: false, format: suffix.format, ...(canonical ? { text } : {}) };
}

function asDecimal(
  text: string,
  field: string,
  negative: boolean,
  number: string,
  fraction: string,
  suffix: { base: number; exponent: number; format: QuantityFormat },
): Quantity {
  if (Math.abs(suffix.exponent) > largestExponent)
    throw new QuantityError(field, text, `has an exponent beyond ${largestExponent}`);
  let magnitude = BigInt(number + fraction);
  let scale = -fraction.length;
  if (suffix.base === 10) scale += suffix.exponent;
  else magnitude <<= BigInt(suffix.exponent);
  let { format } = suffix;
  if (magnitude !== 0n) {
    magnitude =
      scale >= nano
        ? magnitude * 10n ** BigInt(scale - nano)
        : divideUp(magnitude, 10n ** BigInt(nano - scale));
    scale = nano;
  }
  const one = 10n ** 9n;
  if (format === 'BinarySI') {
    if (magnitude > maxInt64 * one) {
      magnitude = maxInt64;
      scale = 0;
    } else if (magnitude > 0n && magnitude < one) format = 'DecimalSI';
  }
  return { unscaled: negative ? -magnitude : magnitude, scale, decimal: true, format };
}

function divideUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

/** A quantity of so many milli-units, as the HPA controller makes them for its status. */
export function milliQuantity(milli: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
  return { unscaled: BigInt(milli), scale: -3, decimal: false, format };
}

/** The quantity as a double, with the controller's order of operations. */
export function toNumber(quantity: Quantity): number {
  const base = Number(quantity.unscaled);
  if (quantity.scale === 0) return base;
  return quantity.scale > 0
    ? base * Number(`1e${quantity.scale}`)
    : base * (1 / (decimalPowers[-quantity.scale] ?? 0));
}

/** Whether the quantity is above (1), at (0) or below (-1) zero. */
export function signOf(quantity: Quantity): -1 | 0 | 1 {
  return quantity.unscaled > 0n ? 1 : quantity.unscaled < 0n ? -1 : 0;
}
