import { element, path } from '../markup';
import type { Frame, Mark } from '../plot';

export type Step = readonly [x: number, y: number];

/** Only the steps that change something, and the last. */
export function changes(steps: readonly Step[]): readonly Step[] {
  return steps.filter(([, y], i) => i === 0 || i === steps.length - 1 || y !== steps[i - 1]?.[1]);
}

function corners(steps: readonly Step[], { x, y }: Frame): (readonly [number, number])[] {
  const points: (readonly [number, number])[] = [];
  let previous: number | undefined;
  for (const [at, value] of changes(steps)) {
    if (previous !== undefined && previous !== value) points.push([x(at), y(previous)]);
    points.push([x(at), y(value)]);
    previous = value;
  }
  return points;
}

/** A value holds until the next. */
export function stepLine(steps: readonly Step[], className: string): Mark {
  return (frame) =>
    steps.length ? element('path', { class: className, d: path(corners(steps, frame)) }) : '';
}

/** The area below. */
export function stepArea(steps: readonly Step[], className: string): Mark {
  return (frame) => {
    const points = corners(steps, frame);
    const first = points[0];
    const last = points[points.length - 1];
    if (!first || !last) return '';
    const floor = frame.y(frame.y.domain[0]);
    return element('path', {
      class: className,
      d: `${path([[first[0], floor], ...points, [last[0], floor]])}Z`,
    });
  };
}

export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly high: number;
}

/** Where the upper steps stand above the lower ones. Both have their steps at the same places. */
export function gaps(upper: readonly Step[], lower: readonly Step[]): readonly Gap[] {
  const found: Gap[] = [];
  upper.forEach(([from, high], i) => {
    const low = lower[i]?.[1] ?? high;
    const to = upper[i + 1]?.[0];
    if (to === undefined || high <= low) return;
    const last = found[found.length - 1];
    if (last?.to === from && last.low === low && last.high === high)
      found[found.length - 1] = { ...last, to };
    else found.push({ from, to, low, high });
  });
  return found;
}

/** Diagonal hatching over the gaps. `id` names the pattern and is unique on the page. */
export function hatching(areas: readonly Gap[], id: string, className: string): Mark {
  return ({ x, y }) => {
    if (areas.length === 0) return '';
    const stripe = element('path', { class: `${className}-stripe`, d: 'M-1 1l2 -2M0 6l6 -6M5 7l2 -2' });
    const pattern = element('pattern', { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse' }, stripe);
    const d = areas
      .map(
        ({ from, to, low, high }) =>
          `M${x(from).toFixed(2)} ${y(high).toFixed(2)}H${x(to).toFixed(2)}V${y(low).toFixed(2)}H${x(from).toFixed(2)}Z`,
      )
      .join('');
    return pattern + element('path', { class: className, style: `fill:url(#${id})`, d });
  };
}
