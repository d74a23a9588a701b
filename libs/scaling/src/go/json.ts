import { GoTextError } from './text';

/** What Go's encoding/json says about a text that should be one number of the given type. Throws GoTextError. */
export function unmarshalNumber(text: string, goType: 'int64' | 'float64'): number | bigint {
  checkSyntax(text);
  const first = text[0] ?? '';
  if (!/[-\d]/.test(first)) {
    const kinds: Record<string, string> = {
      '"': 'string',
      t: 'bool',
      f: 'bool',
      '[': 'array',
      '{': 'object',
    };
    // Go leaves a nil behind for `null` and crashes on it; the crash is caught and reported as an error.
    if (first === 'n') throw new GoTextError('failed to parse typed config: null is not a number');
    throw new GoTextError(`json: cannot unmarshal ${kinds[first]} into Go value of type ${goType}`);
  }
  const fits =
    goType === 'int64'
      ? /^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)
      : Number.isFinite(Number(text));
  if (!fits) throw new GoTextError(`json: cannot unmarshal number ${text} into Go value of type ${goType}`);
  return goType === 'int64' ? BigInt(text) : Number(text);
}

const ended = (): never => {
  throw new GoTextError('unexpected end of JSON input');
};
const shown = (c: string): string => (c === "'" ? `'\\''` : c === '"' ? `'"'` : `'${c}'`);
function invalid(c: string, context: string): never {
  throw new GoTextError(`invalid character ${shown(c)} ${context}`);
}

const numberParts: readonly (readonly [pattern: RegExp, context: string, optional?: RegExp])[] = [
  [/^(0|[1-9]\d*)/, 'in numeric literal'],
  [/^\d+/, 'after decimal point in numeric literal', /^\./],
  [/^[+-]?\d+/, 'in exponent of numeric literal', /^[eE]/],
];

/** Objects, arrays and strings are only told apart from numbers here, so JSON.parse is enough for them. */
function checkSyntax(text: string): void {
  const first = text[0];
  if (first === undefined) return ended();
  if (first === '-' || /\d/.test(first)) return checkNumber(text);
  for (const literal of ['true', 'false', 'null']) {
    if (first === literal[0]) return checkLiteral(text, literal);
  }
  if (!/["[{]/.test(first)) return invalid(first, 'looking for beginning of value');
  try {
    JSON.parse(text);
  } catch (cause) {
    throw new GoTextError('unexpected end of JSON input', { cause });
  }
}

function checkNumber(text: string): void {
  let rest = text.replace(/^-/, '');
  for (const [pattern, context, optional] of numberParts) {
    if (optional) {
      if (!optional.test(rest)) continue;
      rest = rest.slice(1);
    }
    const match = pattern.exec(rest);
    if (!match) {
      const at = rest.replace(/^[+-](?=.)/, '');
      return at === '' ? ended() : invalid(at[0] ?? '', context);
    }
    rest = rest.slice(match[0].length);
  }
  if (rest !== '') invalid(rest[0] ?? '', 'after top-level value');
}

function checkLiteral(text: string, literal: string): void {
  for (let i = 1; i < literal.length; i++) {
    const c = text[i];
    if (c === undefined) return ended();
    if (c !== literal[i]) return invalid(c, `in literal ${literal} (expecting '${literal[i]}')`);
  }
  if (text.length > literal.length) invalid(text[literal.length] ?? '', 'after top-level value');
}
