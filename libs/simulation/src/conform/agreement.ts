/** Replicas at each change. */
export type Changes = readonly (readonly [t: number, count: number])[];

/** Where two timelines of one run first part. */
export interface Disagreement {
  readonly t: number;
  /** Whose count the other did not have around that time. */
  readonly outside: 'simulated' | 'recorded';
  readonly count: number;
  /** Lowest and highest count of the other around that time. */
  readonly band: readonly [low: number, high: number];
}

export interface AgreementOptions {
  /** Seconds before and after that count as the same time. */
  readonly width: number;
  readonly from: number;
  readonly to: number;
  /** Counts that one side held for so many seconds the other must have had exactly, not only passed. Default: none. */
  readonly heldSeconds?: number;
}

/** Undefined: at every second each side's count lies between the lowest and the highest that the other had around it. */
export function disagreement(
  simulated: Changes,
  recorded: Changes,
  options: AgreementOptions,
): Disagreement | undefined {
  return (
    outside(simulated, recorded, options, 'simulated') ??
    outside(recorded, simulated, options, 'recorded') ??
    missing(simulated, recorded, options, 'simulated') ??
    missing(recorded, simulated, options, 'recorded')
  );
}

/** The first second at which the one's count is beyond what the other had around it. */
function outside(
  one: Changes,
  other: Changes,
  { width, from, to }: AgreementOptions,
  whose: Disagreement['outside'],
): Disagreement | undefined {
  for (let t = from; t <= to; t++) {
    const count = countAt(one, t);
    const band = bandOf(countsWithin(other, t - width, t + width));
    if (count < band[0] || count > band[1]) return { t, outside: whose, count, band };
  }
  return undefined;
}

/** The first count that the one held and the other never had meanwhile. */
function missing(
  one: Changes,
  other: Changes,
  { width, from, to, heldSeconds = Infinity }: AgreementOptions,
  whose: Disagreement['outside'],
): Disagreement | undefined {
  for (const [i, [begin, count]] of one.entries()) {
    const end = Math.min(to, one[i + 1]?.[0] ?? to);
    if (end < from || end - Math.max(from, begin) < heldSeconds) continue;
    const around = countsWithin(other, begin - width, end + width);
    if (!around.includes(count)) return { t: begin, outside: whose, count, band: bandOf(around) };
  }
  return undefined;
}

function countsWithin(changes: Changes, from: number, to: number): readonly number[] {
  return [
    countAt(changes, from),
    ...changes.filter(([at]) => at > from && at <= to).map(([, value]) => value),
  ];
}

const bandOf = (counts: readonly number[]): readonly [number, number] => [
  Math.min(...counts),
  Math.max(...counts),
];

function countAt(changes: Changes, t: number): number {
  return changes.findLast(([at]) => at <= t)?.[1] ?? changes[0]?.[1] ?? 0;
}
