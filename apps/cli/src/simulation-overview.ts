import { element, escape } from '@scalelab/plots';
import type { FinishedPart } from './simulation-page';
import { figureRows } from './simulation-figures';
import { headline } from './simulation-text';

const cell = (tag: 'td' | 'th', text: string, figure = true): string =>
  element(
    tag,
    { ...(tag === 'th' ? { scope: 'col' } : {}), ...(figure ? { class: 'figure' } : {}) },
    escape(text),
  );

/** One run: a column a figure. Several: a row a figure, side by side. */
function figuresTable(parts: readonly FinishedPart[]): string {
  const rows = figureRows(parts.map(({ simulation }) => simulation));
  // Of several the letter is enough: the lines above say whose it is.
  const letters = parts.map(({ label }) => label.split(' ', 1).join(''));
  const head =
    parts.length > 1
      ? [cell('th', '', false), ...letters.map((letter) => cell('th', letter))]
      : rows.map(([name]) => cell('th', name));
  const body =
    parts.length > 1
      ? rows.map(([name, ...figures]) => [
          cell('td', name, false),
          ...figures.map((figure) => cell('td', figure)),
        ])
      : [rows.map(([, figure = '']) => cell('td', figure))];
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body.map((cells) => element('tr', {}, ...cells))),
  );
}

/** What the runs cost and what they were good for. */
export function simulationOverview(parts: readonly FinishedPart[], notes: readonly string[]): string {
  const facts = parts.map(({ label, request }) =>
    [...(parts.length > 1 ? [label] : []), ...headline(request, request.seconds).split(/ {2,}/)].join(' · '),
  );
  return element(
    'section',
    { class: 'summary' },
    ...facts.map((fact) => element('p', { class: 'quiet' }, escape(fact))),
    element('div', { class: 'scroll' }, figuresTable(parts)),
    ...notes.map((note) => element('p', {}, escape(note.trim()))),
  );
}
