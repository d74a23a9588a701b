import {
  bottomAxis,
  element,
  escape,
  formatFigure,
  leftAxis,
  niceCeiling,
  niceTicks,
  pageStyle,
  plot,
  plotStyle,
  points,
  tokenStyle,
} from '@scalelab/plots';
import type { Slo } from '@scalelab/simulation';
import { costOf, delayOf, type SweepRow } from './sweep';
import type { SimulationRequest } from './simulation-request';
import { headline } from './simulation-text';

const nameOf = ({ choice }: SweepRow): string =>
  Object.entries(choice)
    .map(([path, value]) => `${path}=${value}`)
    .join(' ');

/** One self-contained page: cost against delay, and the table of all configurations. */
export function paretoPage(
  request: SimulationRequest,
  rows: readonly SweepRow[],
  slos: readonly Slo[],
  recommended: SweepRow | undefined,
): string {
  const title = recommended
    ? `${request.target.name}: ${nameOf(recommended)}`
    : `${request.target.name}: cost against delay`;
  const head = element(
    'head',
    {},
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    element('title', {}, escape(title)),
    element('style', {}, tokenStyle, plotStyle, pageStyle),
  );
  const lead = recommended
    ? `The cheapest of ${rows.length} configurations that holds ${slos.map(({ text }) => text).join(' and ')}.`
    : slos.length > 0
      ? `None of ${rows.length} configurations holds ${slos.map(({ text }) => text).join(' and ')}.`
      : `${rows.length} configurations under the same load.`;
  const main = element(
    'main',
    {},
    element('h1', {}, escape(title)),
    element('p', {}, escape(lead)),
    element('p', { class: 'quiet' }, escape(headline(request, request.seconds))),
    element('section', { class: 'workload' }, scatter(rows, recommended), table(rows, slos, recommended)),
  );
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, element('body', {}, main))}\n`;
}

function scatter(rows: readonly SweepRow[], recommended: SweepRow | undefined): string {
  const right = niceCeiling(Math.max(1, ...rows.map(costOf)));
  const top = niceCeiling(Math.max(1, ...rows.map(delayOf)));
  const placed = (row: SweepRow, labelled: boolean) => ({
    x: costOf(row),
    y: delayOf(row),
    title: `${nameOf(row)}: ${formatFigure(costOf(row))} pod-seconds, p95 age ${delayOf(row)} s`,
    ...(labelled ? { label: nameOf(row) } : {}),
  });
  return plot({
    id: 'pareto',
    width: 1160,
    x: [0, right],
    label: 'p95 age of items against pod-seconds, one point a configuration',
    margin: { left: 68, bottom: 40 },
    panels: [
      {
        height: 360,
        y: [0, top],
        backdrop: [leftAxis({ ticks: niceTicks(0, top, 6), format: formatFigure, title: 'age p95, s' })],
        marks: [
          points(
            rows.filter(({ onFront }) => !onFront).map((row) => placed(row, false)),
            'circle',
            'series-1',
          ),
          points(
            rows.filter((row) => row.onFront && row !== recommended).map((row) => placed(row, false)),
            'diamond',
            'series-2',
          ),
          ...(recommended ? [points([placed(recommended, true)], 'square', 'series-3')] : []),
        ],
        labels: [bottomAxis({ ticks: niceTicks(0, right, 8), format: formatFigure, title: 'pod-seconds' })],
      },
    ],
  });
}

function table(rows: readonly SweepRow[], slos: readonly Slo[], recommended: SweepRow | undefined): string {
  const head = [
    'configuration',
    'pod-seconds',
    'age p50, s',
    'age p95, s',
    'age max, s',
    'backlog p95',
    'at max, s',
    'flaps',
    'cold starts',
    ...slos.map(({ text }) => text),
  ];
  const cell = (text: string, figure: boolean): string =>
    element('td', { class: figure ? 'figure' : 'name' }, escape(text));
  const body = rows.map((row) => {
    const { totals, onFront } = row;
    const age = totals.work?.age;
    const mark = row === recommended ? ' (recommended)' : onFront ? ' (front)' : '';
    return element(
      'tr',
      {},
      cell(`${nameOf(row)}${mark}`, false),
      ...[
        totals.podSeconds,
        age?.p50 ?? 0,
        age?.p95 ?? 0,
        age?.max ?? 0,
        totals.work?.backlog.p95 ?? 0,
        totals.secondsAtMax,
        totals.flaps,
        totals.coldStarts,
      ].map((value) => cell(formatFigure(value), true)),
      ...slos.map((slo) => cell(slo.holds(totals) ? '✓ holds' : '✗ does not hold', false)),
    );
  });
  return element(
    'div',
    { class: 'scroll' },
    element(
      'table',
      {},
      element(
        'thead',
        {},
        element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, escape(text)))),
      ),
      element('tbody', {}, ...body),
    ),
  );
}
