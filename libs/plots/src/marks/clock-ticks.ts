import { element } from '../markup';
import type { Mark } from '../plot';

/** Short strokes from the middle of the frame upwards or downwards, where a clock ticked. More than a pixel's worth fall together. */
export function clockTicks(times: readonly number[], direction: 'up' | 'down', className: string): Mark {
  return ({ x, top, height }) => {
    const middle = top + height / 2;
    const columns = new Set(times.map((t) => Math.round(x(t) * 2) / 2));
    const d = [...columns].map((at) => `M${at} ${middle}v${direction === 'up' ? -8 : 7}`).join('');
    return columns.size ? element('path', { class: className, d }) : '';
  };
}
