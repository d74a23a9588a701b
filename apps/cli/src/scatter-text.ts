import { formatFigure } from '@scalelab/plots';

export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
  readonly marked: boolean;
}

const rows = 12;

/** Points in characters: `*` for marked ones, `.` for the others. */
export function scatterText(
  points: readonly ScatterPoint[],
  {
    width,
    ascii,
    x,
    y,
  }: { readonly width: number; readonly ascii: boolean; readonly x: string; readonly y: string },
): readonly string[] {
  if (points.length === 0) return [];
  const top = Math.max(...points.map((point) => point.y), 1);
  const low = Math.min(...points.map((point) => point.x));
  const high = Math.max(...points.map((point) => point.x), low + 1);
  const gutter = Math.max(formatFigure(top).length, 1) + 1;
  const columns = Math.max(20, width - gutter - 2);
  const grid = Array.from({ length: rows }, () => Array.from({ length: columns }, () => ' '));
  for (const point of [...points].sort((a, b) => Number(a.marked) - Number(b.marked))) {
    const row = grid[Math.round((1 - point.y / top) * (rows - 1))];
    if (row) row[Math.round(((point.x - low) / (high - low)) * (columns - 1))] = point.marked ? '*' : '.';
  }
  const label = (index: number): string => (index === 0 ? formatFigure(top) : index === rows - 1 ? '0' : '');
  const from = formatFigure(Math.round(low));
  const to = formatFigure(Math.round(high));
  return [
    `${y} (* best for its cost)`,
    ...grid.map(
      (cells, i) => `${label(i).padStart(gutter - 1)} ${ascii ? '|' : '│'}${cells.join('').trimEnd()}`,
    ),
    `${' '.repeat(gutter)}${ascii ? '+' : '└'}${(ascii ? '-' : '─').repeat(columns)}`,
    `${' '.repeat(gutter + 1)}${from}${x.padStart(Math.floor((columns + x.length) / 2) - from.length).padEnd(columns - from.length - to.length)}${to}`,
  ];
}
