import type { Row } from './board';

export interface TableStyle {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

const bars = '▁▂▃▄▅▆▇█';

/** The live table as lines: signal / target, wants, ready, why. Never wider than the terminal. */
export function table(rows: readonly Row[], style: TableStyle): string[] {
  const nameWidth = Math.max(8, ...rows.map(({ name }) => name.length));
  const sparkWidth = style.width >= 110 ? 16 : 0;
  const head = line(
    [
      'workload'.padEnd(nameWidth),
      'signal / target'.padStart(17),
      'wants'.padStart(5),
      'ready'.padStart(5),
      ...(sparkWidth ? ['2 min'.padEnd(sparkWidth)] : []),
      'why',
    ],
    style.width,
  );
  return [
    paint(head, 'bold', style),
    ...rows.map((row) => {
      const parts = [
        row.name.padEnd(nameWidth),
        signal(row).padStart(17),
        count(row.desired).padStart(5),
        count(row.ready).padStart(5),
        ...(sparkWidth ? [spark(row.recent, sparkWidth)] : []),
        row.why === '' ? 'waiting for the first look' : row.why,
      ];
      const text = line(parts, style.width);
      if (row.desired === 0 && row.ready === 0) return paint(text, 'grey', style);
      return row.desired !== row.ready ? paint(text, 'yellow', style) : text;
    }),
  ];
}

/** One line for logs and pipes. */
export function plainLine(t: number, row: Row): string {
  return `${t.toFixed(0).padStart(4)} s  ${row.name.padEnd(15)} ${signal(row)}  wants ${count(row.desired)}  ready ${count(row.ready)}  ${row.why}`;
}

function signal({ value, target }: Row): string {
  const left = value === null ? '-' : number(value);
  return target === null ? left : `${left} / ${number(target)}`;
}

function number(value: number): string {
  return Number.isInteger(value)
    ? value.toLocaleString('en-US')
    : value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 });
}

function count(value: number | null): string {
  return value === null ? '-' : String(value);
}

function spark(values: readonly number[], width: number): string {
  if (values.length === 0) return ' '.repeat(width);
  const step = Math.max(1, values.length / width);
  const picked = Array.from(
    { length: Math.min(width, values.length) },
    (_, at) => values[Math.floor(at * step)] ?? 0,
  );
  const top = Math.max(...picked, 1e-9);
  return picked
    .map(
      (value) =>
        bars[Math.min(bars.length - 1, Math.floor((Math.max(0, value) / top) * (bars.length - 1)))] ?? ' ',
    )
    .join('')
    .padEnd(width);
}

function line(parts: readonly string[], width: number): string {
  const text = parts.join('  ');
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}

const codes = { bold: '1', grey: '90', yellow: '33' } as const;

function paint(text: string, tone: keyof typeof codes, { color }: TableStyle): string {
  return color ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text;
}
