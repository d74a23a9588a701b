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
    const labels = ticks.map((tick) => {
      const at = x(tick);
      const anchor = at < left + 14 ? 'start' : at > left + width - 14 ? 'end' : 'middle';
      return (
        element('line', { class: 'axis', x1: at, x2: at, y1: floor, y2: floor + 4 }) +
        element('text', { class: 'tick', x: at, y: floor + 17, 'text-anchor': anchor }, format(tick))
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
