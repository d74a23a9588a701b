import { element, path } from '../markup';
import type { Frame, Mark } from '../plot';

/** A null value interrupts the line. */
export type Point = readonly [x: number, y: number | null];

type Run = (readonly [number, number])[];

function runs(points: readonly Point[]): Run[] {
  const found: Run[] = [];
  let run: Run = [];
  for (const [x, y] of points) {
    if (y === null) {
      if (run.length) found.push(run);
      run = [];
    } else run.push([x, y]);
  }
  if (run.length) found.push(run);
  return found;
}

/** With more points than pixels, the lowest and highest of each pixel column are enough: no spike is lost. */
function thinned(run: Run, { x, width }: Frame): Run {
  if (run.length <= width * 2) return run;
  const columns = new Map<number, Run>();
  for (const point of run) {
    const column = Math.round(x(point[0]));
    const kept = columns.get(column);
    if (!kept) columns.set(column, [point]);
    else kept.push(point);
  }
  return [...columns.values()].flatMap((points) => {
    const low = points.reduce((a, b) => (b[1] < a[1] ? b : a));
    const high = points.reduce((a, b) => (b[1] > a[1] ? b : a));
    return low === high ? [low] : low[0] <= high[0] ? [low, high] : [high, low];
  });
}

/** A line through the points. */
export function line(points: readonly Point[], className: string): Mark {
  return (frame) =>
    runs(points)
      .map((run) => thinned(run, frame).map(([x, y]) => [frame.x(x), frame.y(y)] as const))
      .map((run) =>
        run.length === 1
          ? element('circle', { class: `${className}-dot`, cx: run[0]?.[0], cy: run[0]?.[1], r: 1.5 })
          : element('path', { class: className, d: path(run) }),
      )
      .join('');
}
