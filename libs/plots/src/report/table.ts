import { element } from '../markup';

export interface Column {
  readonly head: string;
  /** Right-aligned numbers. */
  readonly figure?: boolean;
}

/** Cells are markup already. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  className?: string,
): string {
  const align = (i: number): string | undefined => (columns[i]?.figure ? 'figure' : undefined);
  const head = columns.map(({ head: text }, i) => element('th', { scope: 'col', class: align(i) }, text));
  const body = rows.map((row) =>
    element('tr', {}, ...row.map((cell, i) => element('td', { class: align(i) }, cell))),
  );
  return element(
    'table',
    { class: className },
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...body),
  );
}
