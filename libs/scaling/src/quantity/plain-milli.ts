import { decimalPowers } from './suffix';

/**
 * Unsigned decimals with a suffix of one letter or a binary one: nearly every quantity there is, in milli-units and without an
 * allocation. undefined: not one of those, or not exact in a double.
 */
export function plainMilli(text: string): number | undefined {
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
