import { formatFigure } from './format';
import { highestOf, niceCeiling } from './scale';
import { resample } from './sparkline';

export interface TerminalPlotOptions {
  /** Characters, labels included. */
  readonly width: number;
  /** Rows without the time axis. Default 6. */
  readonly height?: number;
  /** Rules across the plot: target, maximum. */
  readonly rules?: readonly { readonly value: number; readonly label: string }[];
  /** Seconds that the values span; written below. */
  readonly seconds?: number;
  /** Only characters of ASCII. Default false. */
  readonly ascii?: boolean;
}

const eighths = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const halves = [' ', '.', '.', '.', ':', ':', ':', '|', '|'];

/** Columns of blocks with labels to the left and rules across, as plain lines. */
export function terminalPlot(
  values: readonly (number | null)[],
  options: TerminalPlotOptions,
): readonly string[] {
  const { width, height = 6, rules = [], seconds, ascii = false } = options;
  const top = niceCeiling(highestOf([...values.map((v) => v ?? 0), ...rules.map((r) => r.value)], 0));
  const labels = [top, top / 2, 0].map(formatFigure);
  const gutter = Math.max(...labels.map((l) => l.length)) + 1;
  const columns = resample(values, Math.max(1, width - gutter - 1));
  const marks = ascii ? halves : eighths;
  const rows = Array.from({ length: height }, (_, row) => {
    const floor = ((height - 1 - row) * top) / height;
    const ceiling = floor + top / height;
    const rule = rules.find((r) => r.value > floor && r.value <= ceiling);
    const body = columns.map((value) => {
      const share = value === null ? 0 : Math.round(((value - floor) / (top / height)) * 8);
      const mark = marks[Math.max(0, Math.min(8, share))] ?? ' ';
      return mark === ' ' && rule ? '-' : mark;
    });
    const label = row === 0 ? labels[0] : row === Math.floor(height / 2) && height % 2 === 0 ? labels[1] : '';
    const text = rule ? ` ${rule.label} ` : '';
    const room = body.length - text.length;
    const line =
      rule && room > 4 && body.slice(0, text.length).every((c) => c === '-')
        ? text + body.slice(text.length).join('')
        : body.join('');
    return `${(label ?? '').padStart(gutter - 1)} ${ascii ? '|' : '│'}${line}`;
  });
  const axis = `${(labels[2] ?? '').padStart(gutter - 1)} ${ascii ? '+' : '└'}${(ascii ? '-' : '─').repeat(columns.length)}`;
  const times =
    seconds === undefined
      ? []
      : [
          `${' '.repeat(gutter + 1)}0 s${`${formatFigure(seconds)} s`.padStart(Math.max(0, columns.length - 3))}`,
        ];
  return [...rows, axis, ...times];
}
