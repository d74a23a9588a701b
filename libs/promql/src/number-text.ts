/** A float as Go reads it, or undefined: decimal, hexadecimal, exponents, underscores, `NaN`, `+Inf`. */
export function parseNumber(text: string): number | undefined {
  const word = /^([+-]?)(?:inf(?:inity)?)$/i.exec(text);
  if (word) return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  const plain = text.replaceAll('_', '');
  if (/^[+-]?0x[0-9a-f]+$/i.test(plain)) {
    const value = Number(plain.replace(/^[+-]/, ''));
    return plain.startsWith('-') ? -value : value;
  }
  return /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : undefined;
}

/** A float as Prometheus' HTTP API writes it: never an exponent, `+Inf`, `-Inf`, `NaN`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const text = Object.is(value, -0) ? '-0' : String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = '', lead = '', fraction = '', exponent = '0'] = match;
  const digits = lead + fraction;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, '0');
}
