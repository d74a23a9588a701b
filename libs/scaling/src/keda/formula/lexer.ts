import { PlacedError } from './formula-error';

export type TokenKind = 'Identifier' | 'Number' | 'String' | 'Operator' | 'Bracket' | 'EOF';

export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  /** Position of the first character, from 0. */
  readonly at: number;
}

const wordOperators = new Set([
  'in',
  'or',
  'and',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
  'let',
  'if',
  'else',
  'not',
]);
const isWordCharacter = (c: string | undefined): boolean => c !== undefined && /[\p{L}\p{Nd}_$]/u.test(c);

const symbols: readonly RegExp[] = [
  /^[([{]/,
  /^[)\]}]/,
  /^\?[.?]?/,
  /^\|\|?/,
  /^::?/,
  /^\.\.?/,
  /^[&!=*<>][&=*]?/,
  /^[,;%+\-^/#]/,
];

/** The tokens of a formula, ending with EOF. Throws PlacedError. */
export function lexFormula(source: string): readonly Token[] {
  const characters = [...source];
  const tokens: Token[] = [];
  let at = 0;
  while (at < characters.length) {
    const c = characters[at] ?? '';
    if (/\s/.test(c)) {
      at++;
      continue;
    }
    const comment = commentLength(characters, at);
    if (comment > 0) {
      at += comment;
      continue;
    }
    const [token, length] = readToken(characters, at, tokens.at(-1));
    tokens.push(token);
    at += length;
  }
  tokens.push({ kind: 'EOF', value: '', at: Math.max(0, characters.length - 1) });
  return tokens;
}

function commentLength(characters: readonly string[], at: number): number {
  const two = `${characters[at]}${characters[at + 1] ?? ''}`;
  if (two === '//') {
    const end = characters.indexOf('\n', at);
    return (end < 0 ? characters.length : end + 1) - at;
  }
  if (two !== '/*') return 0;
  for (let i = at + 2; i < characters.length; i++) {
    if (characters[i] === '*' && characters[i + 1] === '/') return i + 2 - at;
  }
  throw new PlacedError('unclosed comment', characters.length);
}

function readToken(characters: readonly string[], at: number, previous: Token | undefined): [Token, number] {
  const c = characters[at] ?? '';
  if (c === '"' || c === "'" || c === '`') return readString(characters, at, c);
  if (/\d/.test(c) || (c === '.' && /\d/.test(characters[at + 1] ?? ''))) return readNumber(characters, at);
  if (isWordCharacter(c)) return readWord(characters, at, previous);
  const rest = characters.slice(at, at + 2).join('');
  for (const symbol of symbols) {
    const value = symbol.exec(rest)?.[0];
    if (value !== undefined)
      return [{ kind: /[([{)\]}]/.test(value) ? 'Bracket' : 'Operator', value, at }, value.length];
  }
  const code = (c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  throw new PlacedError(`unrecognized character: U+${code} '${c}'`, at);
}

function readWord(characters: readonly string[], at: number, previous: Token | undefined): [Token, number] {
  let end = at;
  while (isWordCharacter(characters[end])) end++;
  const value = characters.slice(at, end).join('');
  const afterHash = previous?.kind === 'Operator' && previous.value === '#' && previous.at === at - 1;
  const operator = wordOperators.has(value) && !afterHash;
  return [{ kind: operator ? 'Operator' : 'Identifier', value, at }, end - at];
}

const number = /^(0[xX][\da-fA-F_]*|0[oO][0-7_]*|0[bB][01_]*|[\d_]*)(\.(?!\.)[\d_]*)?([eE][+-]?[\d_]*)?/;

function readNumber(characters: readonly string[], at: number): [Token, number] {
  const rest = characters.slice(at).join('');
  const value = number.exec(rest)?.[0] ?? '';
  if (isWordCharacter(characters[at + value.length])) {
    const word = rest.slice(0, value.length + 1);
    throw new PlacedError(`bad number syntax: ${JSON.stringify(word)}`, at + value.length);
  }
  return [{ kind: 'Number', value, at }, value.length];
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

function readString(characters: readonly string[], at: number, quote: string): [Token, number] {
  let value = '';
  for (let i = at + 1; i < characters.length; i++) {
    const c = characters[i] ?? '';
    if (c === quote) return [{ kind: 'String', value, at }, i + 1 - at];
    if (c === '\n' && quote !== '`') break;
    if (c !== '\\' || quote === '`') {
      value += c;
      continue;
    }
    const escape = characters[++i] ?? '';
    const known = escapes[escape];
    if (known === undefined) throw new PlacedError(`unable to unescape string, escape \\${escape}`, i);
    value += known;
  }
  throw new PlacedError('literal not terminated', characters.length);
}
