import { formatDuration, formatFigure } from '@scalelab/plots';
import type { Simulation } from '@scalelab/simulation';

const three = ({
  p50,
  p95,
  max,
}: {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}): string => `${formatFigure(p50)} / ${formatFigure(p95)} / ${formatFigure(max)}`;

const drained = (seconds: number | null): string => (seconds === null ? 'never' : formatDuration(seconds));

const figures: readonly (readonly [string, (simulation: Simulation) => string | undefined])[] = [
  ['pod-seconds', ({ totals }) => formatFigure(totals.podSeconds)],
  ['replicas at most', ({ totals }) => String(totals.peakReplicas)],
  ['time at max', ({ totals }) => formatDuration(totals.secondsAtMax)],
  ['age p50 / p95 / max, s', ({ totals: { work } }) => (work ? three(work.age) : undefined)],
  ['backlog p50 / p95 / max', ({ totals: { work } }) => (work ? three(work.backlog) : undefined)],
  ['time to drain', ({ totals: { work } }) => (work ? drained(work.drainSeconds) : undefined)],
  ['flaps', ({ totals }) => String(totals.flaps)],
  ['cold starts', ({ totals }) => String(totals.coldStarts)],
  ['decisions', ({ decisions }) => String(decisions.length)],
];

/** One row a figure that any of the runs has: its name, then its value in each. */
export function figureRows(runs: readonly Simulation[]): readonly (readonly [string, ...string[]])[] {
  return figures.flatMap(([name, of]) => {
    const values = runs.map(of);
    return values.every((value) => value === undefined)
      ? []
      : [[name, ...values.map((value) => value ?? '-')] as const];
  });
}
