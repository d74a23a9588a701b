import { formatFigure } from '@scalelab/plots';
import type { Slo } from '@scalelab/simulation';
import { scatterText } from './scatter-text';
import { costOf, delayOf, type SweepRow } from './sweep-row';
import { tableText } from './table-text';
import type { Terminal } from './terminal';

const shownRows = 40;

/** The table, the front as a scatter plot, and what to take. */
export function sweepText(
  rows: readonly SweepRow[],
  slos: readonly Slo[],
  recommends: boolean,
  { width, ascii }: Terminal,
): readonly string[] {
  const paths = Object.keys(rows[0]?.choice ?? {});
  const best = recommends ? rows.findIndex(({ holds }) => holds) : -1;
  const evidence = rows.filter((row, i) => i === best || row.onFront || rows.length <= shownRows);
  const head = [
    ...paths,
    'pod-seconds',
    'age p95, s',
    'backlog p95',
    'at max, s',
    'flaps',
    'cold starts',
    ...(slos.length > 0 ? ['holds'] : []),
    '',
  ];
  const cells = (row: SweepRow): readonly string[] => {
    const { totals, choice, holds, onFront } = row;
    const mark = row === rows[best] ? '<- cheapest that holds' : onFront ? '*' : '';
    return [
      ...paths.map((path) => choice[path] ?? ''),
      formatFigure(Math.round(totals.podSeconds)),
      String(totals.work?.age.p95 ?? '-'),
      String(totals.work?.backlog.p95 ?? '-'),
      String(totals.secondsAtMax),
      String(totals.flaps),
      String(totals.coldStarts),
      ...(slos.length > 0 ? [holds ? 'yes' : 'no'] : []),
      mark,
    ];
  };
  return [
    ...tableText(head, evidence.map(cells)),
    evidence.length < rows.length
      ? `${rows.length} configurations; shown are those on the front (*): none is both cheaper and quicker`
      : `${rows.length} configurations; * none is both cheaper and quicker`,
    '',
    ...scatterText(
      rows.map((row) => ({ x: costOf(row), y: delayOf(row), marked: row.onFront })),
      { width, ascii, x: 'pod-seconds', y: 'age p95, s' },
    ),
    ...(recommends ? ['', recommendation(rows[best], slos, rows.length)] : []),
  ];
}

function recommendation(row: SweepRow | undefined, slos: readonly Slo[], tried: number): string {
  const wanted = slos.map(({ text }) => text).join(' and ');
  if (!row)
    return `None of ${tried} configurations holds ${wanted}. Try more replicas, a lower threshold or a higher minimum (--sweep).`;
  const choice = Object.entries(row.choice)
    .map(([path, value]) => `${path}=${value}`)
    .join(' ');
  const measured = slos
    .map(
      ({ text, measure, unit }) =>
        `${text}: ${measure(row.totals) ?? 'never'}${unit === '' ? '' : ` ${unit}`}`,
    )
    .join(', ');
  return `Cheapest of ${tried} that holds ${wanted}: ${choice} (${formatFigure(Math.round(row.totals.podSeconds))} pod-seconds; ${measured})`;
}
