import { maxInt64, wrapInt64, type Int64 } from './int64';
import { plainMilli } from './plain-milli';
import { parseQuantity, type Quantity } from './quantity';

/**
 * A quantity's text in milli-units, rounded away from zero, as the HPA controller reads every quantity. What does not fit
 * in 64 bits comes out as the API's own arithmetic leaves it. `field` names the quantity in errors. Throws QuantityError.
 */
export function parseMilli(text: string, field?: string): Int64 {
  return plainMilli(text) ?? toMilli(parseQuantity(text, field));
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
