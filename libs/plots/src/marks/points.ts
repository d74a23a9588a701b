import { element, escape } from '../markup';
import type { Mark } from '../plot';

export type PointShape = 'circle' | 'square' | 'triangle' | 'diamond';

export interface PlacedPoint {
  readonly x: number;
  readonly y: number;
  /** Written beside the point. */
  readonly label?: string;
  /** Shown on hover. */
  readonly title?: string;
}

const outlines: Readonly<Record<Exclude<PointShape, 'circle'>, string>> = {
  square: 'M-3.5 -3.5h7v7h-7z',
  triangle: 'M0 -4.5l4.2 7.5h-8.4z',
  diamond: 'M0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z',
};

/** Points of one kind, told apart by shape as well as by colour: for scatter plots. */
export function points(items: readonly PlacedPoint[], shape: PointShape, className: string): Mark {
  return ({ x, y, left, width }) =>
    items
      .map((item) => {
        const at = x(item.x);
        const flip = at > left + width - 70;
        const body =
          shape === 'circle'
            ? element('circle', { class: className, r: 4 })
            : element('path', { class: className, d: outlines[shape] });
        const label = item.label
          ? element(
              'text',
              { class: 'point-label halo', x: flip ? -8 : 8, y: 4, 'text-anchor': flip ? 'end' : 'start' },
              escape(item.label),
            )
          : '';
        const title = item.title ? element('title', {}, escape(item.title)) : '';
        return element(
          'g',
          { transform: `translate(${at.toFixed(2)} ${y(item.y).toFixed(2)})` },
          title,
          body,
          label,
        );
      })
      .join('');
}
