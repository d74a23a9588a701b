import { element, escape } from '../markup';
import { glyphs } from '../marks/decision-marks';

interface Entry {
  readonly word: string;
  readonly sample: string;
}

const stroke = (className: string): string =>
  element('line', { class: className, x1: 1, x2: 23, y1: 6, y2: 6 });
const decision = (direction: keyof typeof glyphs): string =>
  element(
    'g',
    { class: `decision ${direction}`, transform: 'translate(12 6)' },
    element('path', { class: 'glyph', d: glyphs[direction] }),
  );

const entries: readonly Entry[] = [
  {
    word: 'ready',
    sample:
      element('rect', { class: 'ready-area', x: 1, y: 3, width: 22, height: 9 }) +
      element('line', { class: 'ready', x1: 1, x2: 23, y1: 3, y2: 3 }),
  },
  { word: 'desired', sample: stroke('desired') },
  {
    word: 'starting',
    sample: element('path', { class: 'starting-stripe', d: 'M2 12l10 -12M8 12l10 -12M14 12l10 -12' }),
  },
  { word: 'signal', sample: stroke('signal') },
  { word: 'target', sample: stroke('target') },
  { word: 'activation', sample: stroke('activation') },
  { word: 'limit', sample: stroke('limit') },
  { word: 'scaled up', sample: decision('up') },
  { word: 'scaled down', sample: decision('down') },
  { word: 'held', sample: decision('held') },
];

/** What the marks of a picture mean. */
export function legend(): string {
  const items = entries.map(({ word, sample }) =>
    element(
      'li',
      {},
      element('svg', { class: 'plot', viewBox: '0 0 24 12', 'aria-hidden': 'true' }, sample),
      escape(word),
    ),
  );
  return element('ul', { class: 'legend', 'aria-label': 'Marks' }, ...items);
}
