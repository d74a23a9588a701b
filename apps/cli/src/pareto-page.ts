import {
  bottomAxis,
  element,
  escape,
  formatFigure,
  leftAxis,
  linearScale,
  niceCeiling,
  niceTicks,
  pageStyle,
  plot,
  plotStyle,
  points,
  tokenStyle,
} from '@scalelab/plots';
import type { Slo } from '@scalelab/simulation';
import { costOf, delayOf, type SweepRow } from './sweep-row';
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
    element('p', { class: 'quiet' }, escape(headline(request, request.seconds).replaceAll(/ {2,}/g, ' · '))),
    element(
      'section',
      { class: 'workload' },
      element('div', { class: 'wide-plot' }, scatter(rows, recommended, 'wide')),
      element('div', { class: 'narrow-plot' }, scatter(rows, recommended, 'narrow')),
      key(recommended),
      table(rows, slos, recommended),
    ),
  );
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, element('body', {}, main))}\n`;
}

/** Pictures of two sizes: pages show the one that fits. */
const sizes = {
  wide: { width: 1160, height: 360, left: 68, ticks: 8 },
  narrow: { width: 380, height: 220, left: 40, ticks: 3 },
} as const;

function scatter(
  rows: readonly SweepRow[],
  recommended: SweepRow | undefined,
  size: keyof typeof sizes,
): string {
  const { width, height, left, ticks } = sizes[size];
  const right = niceCeiling(Math.max(1, ...rows.map(costOf)));
  const top = niceCeiling(Math.max(1, ...rows.map(delayOf)));
  const placed = (row: SweepRow, labelled: boolean) => ({
    x: costOf(row),
    y: delayOf(row),
    title: `${nameOf(row)}: ${formatFigure(costOf(row))} pod-seconds, p95 age ${delayOf(row)} s`,
    ...(labelled ? { label: nameOf(row) } : {}),
  });
  return plot({
    id: `pareto-${size}`,
    width,
    x: [0, right],
    label: 'p95 age of items against pod-seconds, one point a configuration',
    margin: { left, bottom: 40 },
    panels: [
      {
        height,
        y: [0, top],
        backdrop: [leftAxis({ ticks: niceTicks(0, top, 6), format: formatFigure, title: 'age p95, s' })],
        marks: [],
        // On top: a point on an axis is not cut in half.
        labels: [
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
          ...(recommended ? [points([placed(recommended, size === 'wide')], 'square', 'series-3')] : []),
          bottomAxis({ ticks: niceTicks(0, right, ticks), format: formatFigure, title: 'pod-seconds' }),
        ],
      },
    ],
  });
}

const kinds = [
  ['circle', 'series-1', 'a configuration'],
  ['diamond', 'series-2', 'on the front: none is both cheaper and quicker'],
  ['square', 'series-3', 'recommended'],
] as const;

/** What the points mean. */
function key(recommended: SweepRow | undefined): string {
  const entries = kinds.filter(([, , word]) => recommended !== undefined || word !== 'recommended');
  const items = entries.map(([shape, className, word]) => {
    const mark = points([{ x: 12, y: 6 }], shape, className);
    const drawn = mark({
      x: linearScale([0, 24], [0, 24]),
      y: linearScale([0, 12], [0, 12]),
      left: 0,
      top: 0,
      width: 200,
      height: 12,
    });
    return element(
      'li',
      {},
      element('svg', { class: 'plot', viewBox: '0 0 24 12', 'aria-hidden': 'true' }, drawn),
      escape(word),
    );
  });
  return element('ul', { class: 'legend', 'aria-label': 'Points' }, ...items);
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
