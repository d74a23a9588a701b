import { parseNumber } from '../number-text';
import { PromqlError } from './promql-error';

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** Milliseconds of `1h30m` or, as Prometheus 3 allows, of a plain number of seconds; undefined when it is neither. */
export function parseDuration(text: string): number | undefined {
  if (/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) {
    let total = 0;
    for (const part of text.matchAll(/(\d+)(ms|[smhdwy])/g))
      total += Number(part[1]) * (units[part[2] ?? ''] ?? 0);
    return total;
  }
  const seconds = parseNumber(text);
  return seconds === undefined || !Number.isFinite(seconds) ? undefined : Math.round(seconds * 1000);
}

const single: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The content of a string literal in any of the three quotes, with Go's escapes. */
export function parseStringLiteral(text: string, position: number): string {
  const body = text.slice(1, -1);
  if (text.startsWith('`')) return body;
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs,
    (found, hex, short, long, octal, other) => {
      const code = hex ?? short ?? long;
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(String(code), 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(String(octal), 8));
      const char = String(other);
      if (char === '\\' || char === '"' || char === "'") return char;
      const mapped = single[char];
      if (mapped === undefined)
        throw new PromqlError('Syntax', `unknown escape ${found} in a string`, position);
      return mapped;
    },
  );
}
