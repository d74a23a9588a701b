import type { Int64 } from './int64';
import { milliQuantity, type Quantity } from './quantity';
import { binarySuffix, decimalSuffix, type QuantityFormat } from './suffix';

/** The quantity as the API prints it: the largest suffix that leaves a whole number. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity.text !== undefined) return quantity.text;
  if (quantity.unscaled === 0n) return '0';
  if (quantity.format === 'BinarySI') {
    const whole = wholeValue(quantity);
    // Fractions and small counts are printed in decimal, so that nothing is rounded.
    if (whole !== undefined && (whole >= 1024n || whole <= -1024n)) {
      const [mantissa, times] = removeFactors(whole, 1024n);
      return `${mantissa}${binarySuffix(times * 10)}`;
    }
  }
  return formatDecimal(
    quantity.unscaled,
    quantity.scale,
    quantity.format === 'DecimalExponent' ? 'DecimalExponent' : 'DecimalSI',
  );
}

function wholeValue({ unscaled, scale }: Quantity): bigint | undefined {
  if (scale >= 0) return unscaled * 10n ** BigInt(scale);
  const divisor = 10n ** BigInt(-scale);
  return unscaled % divisor === 0n ? unscaled / divisor : undefined;
}

function formatDecimal(unscaled: bigint, scale: number, format: QuantityFormat): string {
  const [stripped, times] = removeFactors(unscaled, 10n);
  const exponent = scale + times;
  const surplus = ((exponent % 3) + 3) % 3;
  return `${stripped * 10n ** BigInt(surplus)}${decimalSuffix(exponent - surplus, format)}`;
}

function removeFactors(value: bigint, factor: bigint): [bigint, number] {
  let times = 0;
  let rest = value;
  while (rest % factor === 0n) {
    rest /= factor;
    times++;
  }
  return [rest, times];
}

/** Milli-units as the API prints them. `BinarySI` is what the controller uses for memory. */
export function formatMilli(milli: Int64, format: 'DecimalSI' | 'BinarySI' = 'DecimalSI'): string {
  if (format === 'DecimalSI' && typeof milli === 'number') return formatPlainMilli(milli);
  return formatQuantity(milliQuantity(milli, format));
}

const plainSuffixes = ['m', '', 'k', 'M', 'G', 'T'];

function formatPlainMilli(milli: number): string {
  if (milli === 0) return '0';
  let rest = milli;
  let step = 0;
  while (step < plainSuffixes.length - 1 && rest % 1000 === 0) {
    rest /= 1000;
    step++;
  }
  return `${rest}${plainSuffixes[step]}`;
}
