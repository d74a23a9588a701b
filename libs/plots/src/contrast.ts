function channel(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function luminance(color: string): number {
  const code = Number.parseInt(color.slice(1), 16);
  return 0.2126 * channel(code >> 16) + 0.7152 * channel((code >> 8) & 0xff) + 0.0722 * channel(code & 0xff);
}

/** Contrast ratio of two colours (`#rrggbb`) after WCAG 2: 1 to 21. */
export function contrast(a: string, b: string): number {
  const [dim = 0, bright = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (bright + 0.05) / (dim + 0.05);
}
