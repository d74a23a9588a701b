import { durationSeconds } from '../load/duration';
import type { Totals } from '../run/totals';

/** An objective over the totals of a run. */
export interface Slo {
  readonly text: string;
  /** The figure that it is about; null: the run has none (never drained, no model). */
  readonly measure: (totals: Totals) => number | null;
  readonly holds: (totals: Totals) => boolean;
  readonly unit: 's' | '';
}

export class SloError extends Error {
  override readonly name = 'SloError';
  readonly code = 'BadSlo';
}

interface Figure {
  readonly unit: 's' | '';
  readonly of: (totals: Totals) => number | null;
}

const figures: Readonly<Record<string, Figure>> = {
  'p50 age': { unit: 's', of: ({ work }) => work?.age.p50 ?? null },
  'p95 age': { unit: 's', of: ({ work }) => work?.age.p95 ?? null },
  'max age': { unit: 's', of: ({ work }) => work?.age.max ?? null },
  'p50 backlog': { unit: '', of: ({ work }) => work?.backlog.p50 ?? null },
  'p95 backlog': { unit: '', of: ({ work }) => work?.backlog.p95 ?? null },
  'max backlog': { unit: '', of: ({ work }) => work?.backlog.max ?? null },
  'time to drain': { unit: 's', of: ({ work }) => work?.drainSeconds ?? null },
  'time at max': { unit: 's', of: ({ secondsAtMax }) => secondsAtMax },
  'pod-seconds': { unit: '', of: ({ podSeconds }) => podSeconds },
  'cold starts': { unit: '', of: ({ coldStarts }) => coldStarts },
  flaps: { unit: '', of: ({ flaps }) => flaps },
};

/** `p95 age < 30s and max backlog <= 500`. @throws SloError that lists the figures */
export function readSlo(text: string): readonly Slo[] {
  return text.split(/\s+and\s+|\s*;\s*/).map((part) => {
    const [, name = '', operator = '', limitText = ''] =
      /^\s*([\w -]+?)\s*(<=|<)\s*([\w.]+)\s*$/.exec(part) ?? [];
    const figure = figures[name.toLowerCase()];
    if (figure === undefined || !Object.hasOwn(figures, name.toLowerCase()))
      throw new SloError(
        `must be written like "p95 age < 30s", with one of ${Object.keys(figures).join(', ')}, got "${part}"`,
      );
    const limit = figure.unit === 's' ? durationSeconds(limitText, name) : Number(limitText);
    if (!Number.isFinite(limit))
      throw new SloError(`${name}: the limit must be a number, got "${limitText}"`);
    return {
      text: part.trim(),
      unit: figure.unit,
      measure: figure.of,
      holds: (totals) => {
        const value = figure.of(totals);
        return value !== null && (operator === '<=' ? value <= limit : value < limit);
      },
    };
  });
}
