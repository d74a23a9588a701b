import { element } from '../markup';
import type { Mark } from '../plot';

export interface AxisOptions {
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
  /** Beyond the last label; says what is measured. */
  readonly title?: string;
}

/** Labels to the left of the frame with faint lines across it. */
export function leftAxis({ ticks, format, title }: AxisOptions): Mark {
  return ({ y, left, top, width }) =>
    ticks
      .map((tick) => {
        const at = y(tick);
        return (
          element('line', { class: 'grid', x1: left, x2: left + width, y1: at, y2: at }) +
          element('text', { class: 'tick', x: left - 6, y: at + 4, 'text-anchor': 'end' }, format(tick))
        );
      })
      .join('') + (title ? element('text', { class: 'axis-title', x: left + 4, y: top + 11 }, title) : '');
}

/** Labels below the frame. */
export function bottomAxis({ ticks, format, title }: AxisOptions): Mark {
  return ({ x, left, top, width, height }) => {
    const floor = top + height;
    let free = left - 14;
    const labels = ticks.map((tick) => {
      const at = x(tick);
      const half = (format(tick).length * 6.5) / 2;
      const last = at > left + width - 14;
      // The last label ends at the frame's edge and yields to the one before it.
      const fits = (last ? at - 2 * half : at - half) >= free;
      if (fits) free = at + half + 4;
      const anchor = at < left + 14 ? 'start' : last ? 'end' : 'middle';
      return (
        element('line', { class: 'axis', x1: at, x2: at, y1: floor, y2: floor + 4 }) +
        (fits
          ? element('text', { class: 'tick', x: at, y: floor + 17, 'text-anchor': anchor }, format(tick))
          : '')
      );
    });
    const line = element('line', { class: 'axis', x1: left, x2: left + width, y1: floor, y2: floor });
    return (
      line +
      labels.join('') +
      (title
        ? element(
            'text',
            { class: 'axis-title', x: left + width, y: floor + 32, 'text-anchor': 'end' },
            title,
          )
        : '')
    );
  };
}
