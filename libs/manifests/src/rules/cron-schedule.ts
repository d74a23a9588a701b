const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const fields = [
  { name: 'minute', low: 0, high: 59, names: [] },
  { name: 'hour', low: 0, high: 23, names: [] },
  { name: 'day of month', low: 1, high: 31, names: [] },
  { name: 'month', low: 1, high: 12, names: months },
  { name: 'day of week', low: 0, high: 6, names: days },
] as const;

function valueOf(text: string, low: number, names: readonly string[]): number {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return index + low;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

/** @returns undefined for a schedule that the CronJob controller takes, otherwise what is wrong with it */
export function cronScheduleProblem(schedule: string): string | undefined {
  const text = schedule.trim();
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/.test(text)) return undefined;
  const parts = text.split(/\s+/);
  if (parts.length !== 5)
    return `must have five fields (minute hour day-of-month month day-of-week), got ${JSON.stringify(schedule)}`;
  for (const [i, { name, low, high, names }] of fields.entries()) {
    for (const item of (parts[i] ?? '').split(',')) {
      const [range = '', step, ...more] = item.split('/');
      const [from = '', to, ...rest] = range.split('-');
      const a = range === '*' || range === '?' ? low : valueOf(from, low, names);
      const b = to === undefined ? a : valueOf(to, low, names);
      const stepBad = step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0);
      if (more.length || rest.length || stepBad || !(a >= low && b <= high && a <= b)) {
        return `${name} must be *, ${low}-${high}, a range, a list or a step, got ${JSON.stringify(item)}`;
      }
    }
  }
  return undefined;
}
