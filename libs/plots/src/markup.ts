const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in an element or an attribute. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Coordinates do not need more than a hundredth of a pixel. */
function attributeText(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : escape(value);
}

/** An element of SVG or HTML; `children` are markup already. An attribute that is undefined or false is left out. */
export function element(name: string, attributes: Attributes = {}, ...children: readonly string[]): string {
  let head = name;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    head += value === true ? ` ${key}` : ` ${key}="${attributeText(value)}"`;
  }
  return `<${head}>${children.join('')}</${name}>`;
}

/** `M1 2L3 4`. */
export function path(points: readonly (readonly [x: number, y: number])[]): string {
  return points
    .map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${Math.round(x * 100) / 100} ${Math.round(y * 100) / 100}`)
    .join('');
}
