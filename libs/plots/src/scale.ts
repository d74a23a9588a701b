/** From values to pixels. */
export interface Scale {
  (value: number): number;
  readonly domain: readonly [low: number, high: number];
  readonly range: readonly [from: number, to: number];
}

export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [low, high] = domain;
  const [from, to] = range;
  const factor = high === low ? 0 : (to - from) / (high - low);
  return Object.assign((value: number) => from + (value - low) * factor, { domain, range });
}

/** Round values over a span, about `count` of them. */
export function niceTicks(low: number, high: number, count: number): readonly number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  return multiples(low, high, step);
}

/** As `niceTicks`, never between whole numbers: for replicas. */
export function wholeTicks(low: number, high: number, count: number): readonly number[] {
  const ticks = niceTicks(low, high, count).filter(Number.isInteger);
  return ticks.length > 1 ? ticks : multiples(Math.ceil(low), Math.floor(high), 1);
}

const timeSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800,
  604_800,
];

/** Seconds at which people expect a mark: quarters of minutes, minutes, hours. */
export function timeTicks(from: number, to: number, count: number): readonly number[] {
  const rough = (to - from) / Math.max(1, count);
  return multiples(from, to, timeSteps.find((step) => step >= rough) ?? 604_800);
}

function multiples(low: number, high: number, step: number): readonly number[] {
  const ticks: number[] = [];
  const first = Math.ceil(low / step - 1e-9);
  for (let i = first; i * step <= high + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

/** The next round value at or above: where an axis may end. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return (
    ([1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((m) => m * power >= value * (1 - 1e-12)) ?? 10) * power
  );
}

/** The largest of any number of values; `floor` when there is none, or none above it. */
export function highestOf(values: Iterable<number>, floor: number): number {
  let highest = floor;
  for (const value of values) if (value > highest) highest = value;
  return highest;
}
