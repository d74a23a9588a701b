import { element, escape } from '../markup';
import type { Frame, Mark } from '../plot';

export type Direction = 'up' | 'down' | 'held';

export interface PlacedDecision {
  readonly t: number;
  readonly from: number;
  readonly to: number;
  /** For those who do not see the mark: the sentence. */
  readonly sentence: string;
}

export function directionOf({ from, to }: Pick<PlacedDecision, 'from' | 'to'>): Direction {
  return to > from ? 'up' : to < from ? 'down' : 'held';
}

/** Up and down by direction, held by two bars: told apart without colour. */
export const glyphs: Readonly<Record<Direction, string>> = {
  up: 'M0 -6l5 9h-10z',
  down: 'M0 6l5 -9h-10z',
  held: 'M-4 -4.5h3v9h-3zM1 -4.5h3v9h-3z',
};

const labelWidth = 31;

/** Later labels give way to earlier ones; changes come before holds. */
function labelled(decisions: readonly PlacedDecision[], { x }: Frame): ReadonlySet<number> {
  const taken: number[] = [];
  const chosen = new Set<number>();
  decisions.forEach((decision, i) => {
    const at = x(decision.t);
    if (decision.from === decision.to || taken.some((other) => Math.abs(other - at) < labelWidth)) return;
    taken.push(at);
    chosen.add(i);
  });
  return chosen;
}

/**
 * Marks in the middle of the frame, each a group with `data-decision` set to its index and a cursor line over `reach` pixels
 * above and below, which a page's style shows for the chosen one.
 */
export function decisionMarks(
  decisions: readonly PlacedDecision[],
  reach: { readonly above: number; readonly below: number },
): Mark {
  return (frame) => {
    const { x, left, top, width, height } = frame;
    const middle = top + height / 2;
    const named = labelled(decisions, frame);
    return decisions
      .map((decision, i) => {
        const direction = directionOf(decision);
        const at = x(decision.t);
        const anchor = at < left + 16 ? 'start' : at > left + width - 16 ? 'end' : 'middle';
        return element(
          'g',
          {
            class: `decision ${direction}`,
            'data-decision': i,
            transform: `translate(${at.toFixed(2)} ${middle.toFixed(2)})`,
          },
          element('title', {}, escape(decision.sentence)),
          element('line', {
            class: 'cursor',
            x1: 0,
            x2: 0,
            y1: -height / 2 - reach.above,
            y2: height / 2 + reach.below,
          }),
          element('rect', { class: 'hit', x: -6, y: -height / 2, width: 12, height }),
          element('path', { class: 'glyph', d: glyphs[direction] }),
          named.has(i)
            ? element(
                'text',
                { class: 'change halo', y: -11, 'text-anchor': anchor },
                `${decision.from}→${decision.to}`,
              )
            : '',
        );
      })
      .join('');
  };
}
