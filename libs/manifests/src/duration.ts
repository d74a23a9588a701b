const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/**
 * Seconds of a duration as Go (`1m30s`, `500ms`) or Prometheus (`1d`, `2w`) writes it; `0` needs no unit.
 * @returns undefined when the text is none
 */
export function durationSeconds(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  const match = /^([+-]?)((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w|y))+)$/.exec(text);
  if (!match) return undefined;
  let total = 0;
  for (const part of (match[2] ?? '').matchAll(/([\d.]+)([a-zµμ]+)/g)) {
    total += Number(part[1]) * (unitSeconds[part[2] ?? ''] ?? 0);
  }
  return match[1] === '-' ? -total : total;
}
