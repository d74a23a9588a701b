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

/**
 * A vertical line over the frame with a name at its top.
 *
 * @param clear pixels from the frame's left edge that the name leaves to others, the axis' title for one
 */
export function verticalRule(
  value: number,
  { label, className }: Pick<RuleOptions, 'label' | 'className'>,
  clear = 0,
): Mark {
  return ({ x, left, top, width, height }) => {
    const at = x(value);
    const flip = at > left + width - 90;
    return (
      element('line', { class: className, x1: at, x2: at, y1: top, y2: top + height }) +
      element(
        'text',
        {
          class: `${className}-label halo`,
          x: flip ? at - 4 : Math.max(at + 4, left + clear),
          y: top + 11,
          'text-anchor': flip ? 'end' : 'start',
        },
        escape(label),
      )
    );
  };
}
