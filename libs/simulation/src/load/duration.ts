import { LoadError } from './load-error';

const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400 };

/** `90`, `90s`, `1h30m`, `500ms`, `2d` as seconds. @throws LoadError naming `what` */
export function durationSeconds(text: string, what: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  if (parts.length > 0 && parts.map(([whole]) => whole).join('') === text)
    return parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (units[unit] ?? 0), 0);
  throw new LoadError('BadGenerator', `${what} must be a duration such as 90s, 10m or 1h30m, got "${text}"`);
}
