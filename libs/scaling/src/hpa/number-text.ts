import { formatMilli } from '../quantity/format';
import type { Int64 } from '../quantity/int64';
import type { MetricTrace } from './trace';

/** Milli-units as a decimal number: 5900 is "5.9". */
export function decimalText(milli: Int64): string {
  const sign = milli < 0 ? '-' : '';
  const digits = String(milli).replace('-', '').padStart(4, '0');
  const fraction = digits.slice(-3).replace(/0+$/, '');
  return `${sign}${digits.slice(0, -3)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** A quotient with as few decimals as still round up to the same whole number. */
export function quotientText(x: number): string {
  if (!Number.isFinite(x)) return String(x);
  for (const digits of [3, 6, 9, 12]) {
    const text = String(Number(x.toFixed(digits)));
    if (Math.ceil(Number(text)) === Math.ceil(x)) return text;
  }
  return String(x);
}

/** A ratio as percent with one decimal at most: 0.9 is "90 %". */
export function percentText(ratio: number): string {
  return Number.isFinite(ratio) ? `${Number((ratio * 100).toFixed(1))} %` : 'no share';
}

/** A metric's value or target as people write it: bytes and cores with suffixes, everything else as a plain number. */
export function amountText(metric: MetricTrace, milli: Int64): string {
  const resource = metric.type === 'Resource' || metric.type === 'ContainerResource';
  if (!resource) return decimalText(milli);
  return formatMilli(milli, metric.name === 'memory' ? 'BinarySI' : 'DecimalSI');
}

/** "1 pod", "2 pods". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
