// A row of the table: what was measured, over several rounds, and whether it reaches what it is to reach.

export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const shown = (value) => Number(value.toPrecision(4));

/**
 * @param reach `{atLeast}` or `{atMost}`, judged by the median of the rounds
 * @param rounds what each round gave, in `unit` ('x' for ratios)
 */
export function measuredRow({ id, what, reach, unit, rounds, how, detail = {} }) {
  if (rounds.length === 0 || !rounds.every(Number.isFinite))
    throw new Error(`${id}: not every round gave a number: ${rounds.join(', ')}`);
  const middle = median(rounds);
  return {
    id,
    what,
    reach,
    unit,
    min: shown(Math.min(...rounds)),
    median: shown(middle),
    max: shown(Math.max(...rounds)),
    held: 'atLeast' in reach ? middle >= reach.atLeast : middle <= reach.atMost,
    rounds: rounds.map(shown),
    how,
    detail,
  };
}

export const skippedRow = ({ id, what, reach, why }) => ({ id, what, reach, skipped: why });

/** Ratios of two series round by round: what else the machine does moves both of a round alike. */
export function pairedRatios(ours, theirs) {
  if (ours.length !== theirs.length) throw new Error('a round of one side is missing');
  return ours.map((value, round) => value / theirs[round]);
}

export function tableOf(rows) {
  const cells = rows.map((row) => [
    row.what,
    reachText(row),
    ...(row.skipped === undefined
      ? [`${row.median}`, `${row.min} .. ${row.max}`, row.held ? 'held' : 'MISSED']
      : [`skipped: ${row.skipped}`, '', '']),
  ]);
  const lines = [['what', 'reach', 'median', 'min .. max', ''], ...cells];
  const widths = lines[0].map((_, column) =>
    Math.max(...lines.map((line) => (line[2].startsWith('skipped') && column > 1 ? 0 : line[column].length))),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function reachText({ reach, unit = '' }) {
  const space = unit === 'x' || unit === '' ? '' : ' ';
  return 'atLeast' in reach ? `>= ${reach.atLeast}${space}${unit}` : `<= ${reach.atMost}${space}${unit}`;
}
