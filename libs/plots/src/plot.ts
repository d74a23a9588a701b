import { element } from './markup';
import { linearScale, type Scale } from './scale';

/** The area that marks draw in. */
export interface Frame {
  readonly x: Scale;
  readonly y: Scale;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Something drawn into a frame: markup out of scales. */
export type Mark = (frame: Frame) => string;

export interface Panel {
  /** Pixels, without the gap below. */
  readonly height: number;
  readonly y: readonly [low: number, high: number];
  /** Behind the marks, not cut off: axes with their grid. */
  readonly backdrop?: readonly Mark[];
  /** Drawn in order and cut off at the panel's edges. */
  readonly marks: readonly Mark[];
  /** Drawn on top, not cut off: rules and their texts. */
  readonly labels?: readonly Mark[];
  /** Pixels to the next panel. Default 12. */
  readonly gap?: number;
}

export interface PlotOptions {
  /** Unique on the page: the names of clip paths and patterns begin with it. */
  readonly id: string;
  /** Pixels of the whole picture. */
  readonly width: number;
  readonly x: readonly [low: number, high: number];
  /** Pixels beside and around the panels. Default 8 above, 12 to the right, 24 below, 44 to the left. */
  readonly margin?: {
    readonly top?: number;
    readonly right?: number;
    readonly bottom?: number;
    readonly left?: number;
  };
  /** One above the other over the same x. */
  readonly panels: readonly Panel[];
  /** Drawn over the height of all panels, on top. */
  readonly overlay?: readonly Mark[];
  /** What the picture shows, for those who do not see it. */
  readonly label: string;
}

/** One SVG of one or more panels over one x axis. */
export function plot({ id, width, x, margin = {}, panels, overlay = [], label }: PlotOptions): string {
  const { top = 8, right = 12, bottom = 24, left = 44 } = margin;
  const inner = Math.max(1, width - left - right);
  const scaleX = linearScale(x, [left, left + inner]);
  const parts: string[] = [];
  let y = top;
  panels.forEach((panel, i) => {
    const frame: Frame = {
      x: scaleX,
      y: linearScale(panel.y, [y + panel.height, y]),
      left,
      top: y,
      width: inner,
      height: panel.height,
    };
    const clip = `${id}-clip-${i}`;
    parts.push(
      // One pixel more than the panel, so that lines on its edges keep their width.
      element(
        'clipPath',
        { id: clip },
        element('rect', { x: left - 1, y: y - 1, width: inner + 2, height: panel.height + 2 }),
      ),
      ...(panel.backdrop ?? []).map((mark) => mark(frame)),
      element('g', { 'clip-path': `url(#${clip})` }, ...panel.marks.map((mark) => mark(frame))),
      ...(panel.labels ?? []).map((mark) => mark(frame)),
    );
    y += panel.height + (i < panels.length - 1 ? (panel.gap ?? 12) : 0);
  });
  const whole: Frame = {
    x: scaleX,
    y: linearScale([0, 1], [y, top]),
    left,
    top,
    width: inner,
    height: y - top,
  };
  const height = y + bottom;
  return element(
    'svg',
    {
      class: 'plot',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': label,
      xmlns: 'http://www.w3.org/2000/svg',
    },
    ...parts,
    ...overlay.map((mark) => mark(whole)),
  );
}
