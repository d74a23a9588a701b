const levels = ['INFO', 'INFO', 'INFO', 'WARN', 'ERROR'] as const;
const events = [
  'order accepted',
  'payment confirmed',
  'stock reserved',
  'cache refreshed',
  'retrying upstream call',
  'slow query',
  'request rejected by rate limit',
] as const;

export interface LogLine {
  /** RFC 3339. */
  readonly time: string;
  readonly environment: string;
  readonly level: (typeof levels)[number];
  readonly message: string;
}

/** The last `count` lines of an environment, one a second up to `nowMs`. The line of a given second is always the same. */
export function logLines(environment: string, count: number, nowMs: number): LogLine[] {
  const last = Math.floor(nowMs / 1_000);
  return Array.from({ length: count }, (_, index) => {
    const second = last - count + 1 + index;
    const draw = hash(`${environment}:${second}`);
    return {
      time: new Date(second * 1_000).toISOString(),
      environment,
      level: levels[draw % levels.length]!,
      message: events[(draw >>> 8) % events.length]!,
    };
  });
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
