const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** `width` values out of many: the highest of each share, so that no spike is lost. Fewer values stay as they are. */
export function resample(values: readonly (number | null)[], width: number): readonly (number | null)[] {
  if (values.length <= width) return values;
  return Array.from({ length: width }, (_, i) => {
    const share = values.slice(
      Math.floor((i * values.length) / width),
      Math.floor(((i + 1) * values.length) / width),
    );
    return share.reduce<number | null>(
      (best, v) => (v === null ? best : best === null ? v : Math.max(best, v)),
      null,
    );
  });
}

/**
 * One line of block characters from 0 to the highest value; a gap where nothing was known. At most `width` characters, the newest
 * value last.
 *
 * @param least the scale reaches at least so far, for lines that are compared. Default 0.
 */
export function sparkline(values: readonly (number | null)[], width: number, least = 0): string {
  const shown = resample(values, Math.max(1, width));
  const top = Math.max(least, 0, ...shown.map((v) => v ?? 0));
  return shown
    .map((value) => {
      if (value === null || !Number.isFinite(value)) return ' ';
      if (top === 0 || value <= 0) return blocks[0];
      return blocks[
        Math.min(blocks.length - 1, Math.max(1, Math.round((value / top) * (blocks.length - 1))))
      ];
    })
    .join('');
}
