const people = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const small = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

/** A number for people: thousands separated, one decimal at most, small ones with two significant digits. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '∞' : Number.isNaN(value) ? '–' : '-∞';
  return value !== 0 && Math.abs(value) < 1 ? small.format(value) : people.format(value);
}

/** With its unit; `%` stands without a space. */
export function formatAmount(value: number, unit: string): string {
  if (unit === '%') return `${formatFigure(value)}%`;
  return unit ? `${formatFigure(value)} ${unit}` : formatFigure(value);
}

/** Seconds for people: `45 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (Math.abs(whole) < 120) return `${formatFigure(Math.abs(seconds) < 10 ? seconds : whole)} s`;
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  if (minutes < 60) return rest ? `${minutes} min ${rest} s` : `${minutes} min`;
  const left = minutes % 60;
  return left ? `${Math.floor(minutes / 60)} h ${left} min` : `${Math.floor(minutes / 60)} h`;
}
