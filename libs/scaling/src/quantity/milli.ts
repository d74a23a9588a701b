import { maxInt64, wrapInt64, type Int64 } from './int64';
import { parseQuantity, type Quantity } from './quantity';
import { decimalPowers } from './suffix';

/**
 * A quantity's text in milli-units, rounded away from zero, as the HPA controller reads every quantity. What does not fit
 * in 64 bits comes out as the API's own arithmetic leaves it. `field` names the quantity in errors. Throws QuantityError.
 */
export function parseMilli(text: string, field?: string): Int64 {
  return plainMilli(text) ?? toMilli(parseQuantity(text, field));
}

/** Unsigned decimals with a suffix of one letter or a binary one: nearly every quantity there is, without an allocation. */
function plainMilli(text: string): number | undefined {
  const length = text.length;
  // Fifteen digits stay below 2^53.
  const end = length < 16 ? length : 16;
  let mantissa = 0;
  let i = 0;
  for (; i < end; i++) {
    const digit = text.charCodeAt(i) - zero;
    if (digit < 0 || digit > 9) break;
    mantissa = mantissa * 10 + digit;
  }
  if (i === 0 || i === 16) return undefined;
  let shift = 3;
  if (i < end && text.charCodeAt(i) === dot) {
    const point = i++;
    for (; i < end; i++) {
      const digit = text.charCodeAt(i) - zero;
      if (digit < 0 || digit > 9) break;
      mantissa = mantissa * 10 + digit;
    }
    if (i === 16) return undefined;
    shift -= i - point - 1;
  }
  if (i === length) return shifted(mantissa, shift);
  const suffix = text.charCodeAt(i);
  if (i === length - 1) {
    const exponent = decimalExponent(suffix);
    return exponent === undefined ? undefined : shifted(mantissa, shift + exponent);
  }
  if (i !== length - 2 || shift !== 3 || text.charCodeAt(i + 1) !== letterI) return undefined;
  const factor = binaryFactor(suffix);
  return factor === undefined ? undefined : safe(mantissa * factor * 1000);
}

const zero = 48;
const dot = 46;
const letterI = 105;

function decimalExponent(letter: number): number | undefined {
  switch (letter) {
    case 109: // m
      return -3;
    case 110: // n
      return -9;
    case 117: // u
      return -6;
    case 107: // k
      return 3;
    case 77: // M
      return 6;
    case 71: // G
      return 9;
    default:
      return undefined;
  }
}

function binaryFactor(letter: number): number | undefined {
  switch (letter) {
    case 75: // K
      return 1024;
    case 77: // M
      return 1_048_576;
    case 71: // G
      return 1_073_741_824;
    default:
      return undefined;
  }
}

/** mantissa x 10^shift, rounded up; undefined where it is no longer exact. */
function shifted(mantissa: number, shift: number): number | undefined {
  if (shift >= 0) return safe(mantissa * (decimalPowers[shift] as number));
  const divisor = decimalPowers[-shift] as number;
  const rest = mantissa % divisor;
  return (mantissa - rest) / divisor + (rest === 0 ? 0 : 1);
}

function safe(product: number): number | undefined {
  return product <= Number.MAX_SAFE_INTEGER ? product : undefined;
}

/** A parsed quantity in milli-units; see `parseMilli`. */
export function toMilli(quantity: Quantity): Int64 {
  return quantity.decimal ? decimalToMilli(quantity) : integerToMilli(quantity);
}

function integerToMilli({ unscaled, scale }: Quantity): Int64 {
  const shift = scale + 3;
  if (shift < 0) {
    const divisor = 10n ** BigInt(-shift);
    const quotient = unscaled / divisor;
    if (unscaled % divisor === 0n) return wrapInt64(quotient);
    return wrapInt64(unscaled > 0n ? quotient + 1n : quotient - 1n);
  }
  if (unscaled === 0n) return 0;
  // 10^3, 10^6 and 10^9 wrap on overflow; other shifts go digit by digit and give 0.
  if (shift <= 3 || shift === 6 || shift === 9) return wrapInt64(unscaled * 10n ** BigInt(shift));
  const product = shift > 40 ? undefined : unscaled * 10n ** BigInt(shift);
  return product !== undefined && BigInt.asIntN(64, product) === product ? wrapInt64(product) : 0;
}

/** Unlike the integer form this one adds 1 below zero as well: -1.5 milli-units are 0. */
function decimalToMilli({ unscaled, scale }: Quantity): Int64 {
  const shift = -scale - 3;
  if (shift === 0) return wrapInt64(unscaled);
  // Only a magnitude capped at 2^63-1 has scale 0, and times 1000 it wraps.
  if (shift < 0) return wrapInt64(BigInt.asIntN(64, unscaled) * 10n ** BigInt(-shift));
  const divisor = 10n ** BigInt(shift);
  // The guard against more than 64 bits looks at one side only: far below zero the value has wrapped already.
  const numerator = unscaled < maxInt64 ? BigInt.asIntN(64, unscaled) : unscaled;
  const quotient = numerator / divisor;
  return wrapInt64(numerator % divisor !== 0n ? quotient + 1n : quotient);
}
