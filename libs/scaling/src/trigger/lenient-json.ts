/** A JSON value as a reader sees it that takes what it can get: broken text simply ends there. */
export type LenientJson =
  | { readonly type: 'Null' | 'True' | 'False' }
  | { readonly type: 'Number'; readonly value: number }
  | { readonly type: 'String'; readonly value: string }
  | { readonly type: 'Object'; readonly entries: readonly (readonly [string, LenientJson])[] }
  | { readonly type: 'Array'; readonly items: readonly LenientJson[] };

/** What a path leads to when there is nothing: this very object. */
export const jsonNull: LenientJson = { type: 'Null' };

const deepest = 200;

/** Reads the first value of the text; undefined when there is none. */
export function readLenientJson(text: string): LenientJson | undefined {
  return new LenientReader(text).value(0);
}

class LenientReader {
  private at = 0;

  constructor(private readonly text: string) {}

  value(depth: number): LenientJson | undefined {
    this.skipSpace();
    const c = this.text[this.at];
    if (c === undefined || depth > deepest) return undefined;
    if (c === '{') return this.object(depth);
    if (c === '[') return this.array(depth);
    if (c === '"') return { type: 'String', value: this.string() };
    const word = /^[^\s,:\]}]+/.exec(this.text.slice(this.at, this.at + 400))?.[0] ?? '';
    this.at += Math.max(1, word.length);
    if (c === 't') return { type: 'True' };
    if (c === 'f') return { type: 'False' };
    // A null that is there is another one than that of a missing value.
    if (c === 'n') return { type: 'Null' };
    if (!/[-+\dIiN]/.test(c)) return undefined;
    const value = Number(word);
    return { type: 'Number', value: Number.isNaN(value) ? 0 : value };
  }

  private skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private skip(...expected: readonly string[]): boolean {
    this.skipSpace();
    if (!expected.includes(this.text[this.at] ?? '')) return false;
    this.at++;
    return true;
  }

  private object(depth: number): LenientJson {
    const entries: (readonly [string, LenientJson])[] = [];
    this.at++;
    for (;;) {
      while (this.skip(','));
      this.skipSpace();
      if (this.text[this.at] !== '"') break;
      const key = this.string();
      if (!this.skip(':')) break;
      const value = this.value(depth + 1);
      if (value === undefined) break;
      entries.push([key, value]);
    }
    this.skip('}');
    return { type: 'Object', entries };
  }

  private array(depth: number): LenientJson {
    const items: LenientJson[] = [];
    this.at++;
    for (;;) {
      while (this.skip(','));
      this.skipSpace();
      if (this.text[this.at] === ']') break;
      const value = this.value(depth + 1);
      if (value === undefined) break;
      items.push(value);
    }
    this.skip(']');
    return { type: 'Array', items };
  }

  private string(): string {
    const raw = /^"(?:[^"\\]|\\.)*/s.exec(this.text.slice(this.at))?.[0] ?? '"';
    this.at += raw.length + 1;
    try {
      return JSON.parse(`${raw}"`) as string;
    } catch {
      return raw.slice(1);
    }
  }
}

/** The value as JSON text again. */
export function writeJson(json: LenientJson): string {
  switch (json.type) {
    case 'Number':
    case 'String':
      return JSON.stringify(json.value);
    case 'Array':
      return `[${json.items.map(writeJson).join(',')}]`;
    case 'Object':
      return `{${json.entries.map(([k, v]) => `${JSON.stringify(k)}:${writeJson(v)}`).join(',')}}`;
    default:
      return json.type.toLowerCase();
  }
}
