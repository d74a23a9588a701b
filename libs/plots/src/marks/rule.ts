import { element, escape } from '../markup';
import type { Mark } from '../plot';

export interface RuleOptions {
  readonly label: string;
  readonly className: string;
  /** Where the label stands: above the line (default) or below it. */
  readonly side?: 'above' | 'below';
  /** The value that the label stands at, where another rule is in the way. Default: the rule's own. */
  readonly labelAt?: number;
  /** Default at the right end. */
  readonly align?: 'left' | 'right';
}

/** A horizontal line across the frame with its name. */
export function horizontalRule(
  value: number,
  { label, className, side = 'above', align = 'right', labelAt = value }: RuleOptions,
): Mark {
  return ({ y, left, width }) => {
    const at = y(value);
    const text = {
      class: `${className}-label halo`,
      x: align === 'right' ? left + width - 2 : left + 4,
      y: y(labelAt) + (side === 'above' ? -4 : 13),
      'text-anchor': align === 'right' ? 'end' : 'start',
    };
    return (
      element('line', { class: className, x1: left, x2: left + width, y1: at, y2: at }) +
      element('text', text, escape(label))
    );
  };
}

/** Pixels of a character at the size of labels, about. */
const characterWidth = 6.5;

/**
 * Vertical lines over the frame with their names at the top, from left to right. A name that would run into the one before it is left out of the
 * picture and stays in the line's tooltip.
 *
 * @param clear pixels from the frame's left edge that the names leave to others, the axis' title for one
 */
export function verticalRules(
  rules: readonly { readonly at: number; readonly label: string }[],
  className: string,
  clear = 0,
): Mark {
  return ({ x, left, top, width, height }) => {
    let free = left + clear;
    const drawn = rules.map(({ at: value, label }) => {
      const at = x(value);
      const size = label.length * characterWidth;
      const start = at + 4 + size > left + width ? at - 4 - size : Math.max(at + 4, left + clear);
      const fits = start >= free;
      if (fits) free = start + size + 8;
      const rule = { class: className, x1: at, x2: at, y1: top, y2: top + height };
      const name = { class: `${className}-label halo`, x: start, y: top + 11 };
      return (
        element('line', rule, element('title', {}, escape(label))) +
        (fits ? element('text', name, escape(label)) : '')
      );
    });
    return drawn.join('');
  };
}
