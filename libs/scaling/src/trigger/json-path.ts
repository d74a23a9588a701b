import { jsonNull, type LenientJson, readLenientJson, writeJson } from './lenient-json';

/** A path that uses what is not implemented here; the message names it. */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
}

/**
 * The value at a valueLocation: keys with dots between them, `\.` for a dot in a key, `*` and `?` in keys, indexes, `#`
 * (count, or every element), queries `#(name=="b").n`, pipes, and the modifiers @this @reverse @keys @values @valid
 * @tostr @fromstr. What is not there is Null. Throws JsonPathError for multipaths, literals and other modifiers.
 */
export function readJsonPath(body: string, path: string): LenientJson {
  return follow(readLenientJson(body) ?? jsonNull, path);
}

function follow(json: LenientJson, path: string): LenientJson {
  if (path === '') return json;
  if (/^[{[]/.test(path))
    throw new JsonPathError(`valueLocation ${JSON.stringify(path)}: multipaths are not supported`);
  if (path.startsWith('!'))
    throw new JsonPathError(`valueLocation ${JSON.stringify(path)}: literals are not supported`);
  if (path.startsWith('@')) return modify(json, path);
  const { part, rest, wild, piped } = splitPath(path);
  if (json.type === 'Object') return followKey(json.entries, part, wild, rest);
  if (json.type !== 'Array') return jsonNull;
  return part.startsWith('#')
    ? followHash(json.items, part, rest, piped)
    : followIndex(json.items, part, rest);
}

interface PathPart {
  readonly part: string;
  readonly rest: string;
  readonly wild: boolean;
  /** A pipe follows: what comes next looks at the result as a whole. */
  readonly piped: boolean;
}

function splitPath(path: string): PathPart {
  let part = '';
  let wild = false;
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < path.length; i++) {
    const c = path[i] ?? '';
    if (depth > 0) {
      if (c === '"' && path[i - 1] !== '\\') quoted = !quoted;
      if (!quoted && c === '(') depth++;
      if (!quoted && c === ')') depth--;
      part += c;
      continue;
    }
    if (c === '\\') {
      i++;
      // In a pattern the escape stays, so that an escaped star is only a star.
      part += wild || /[*?]/.test(path[i] ?? '') ? `\\${path[i] ?? ''}` : (path[i] ?? '');
      continue;
    }
    if (c === '.' || c === '|') return { part, rest: path.slice(i + 1), wild, piped: c === '|' };
    if (c === '(' && part === '#') depth++;
    if (c === '*' || c === '?') wild = true;
    part += c;
  }
  return { part, rest: '', wild, piped: false };
}

type Entries = readonly (readonly [string, LenientJson])[];

function followKey(entries: Entries, part: string, wild: boolean, rest: string): LenientJson {
  const matches = wild ? wildcard(part) : (key: string): boolean => key === part.replace(/\\(.)/g, '$1');
  const entry = entries.find(([key]) => matches(key));
  return entry ? follow(entry[1], rest) : jsonNull;
}

function wildcard(pattern: string): (text: string) => boolean {
  const source = pattern.replace(
    /\\(.)|([*?])|([^\\*?])/gs,
    (_, escaped?: string, star?: string, plain?: string) => {
      if (star !== undefined) return star === '*' ? '.*' : '.';
      return (escaped ?? plain ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    },
  );
  const expression = new RegExp(`^${source}$`, 's');
  return (text) => expression.test(text);
}

function followIndex(items: readonly LenientJson[], part: string, rest: string): LenientJson {
  if (!/^\d+$/.test(part)) return jsonNull;
  const item = items[Number(part)];
  return item ? follow(item, rest) : jsonNull;
}

function followHash(items: readonly LenientJson[], part: string, rest: string, piped: boolean): LenientJson {
  if (part === '#') {
    if (rest === '') return { type: 'Number', value: items.length };
    if (piped) return follow({ type: 'Number', value: items.length }, rest);
    return project(items, rest);
  }
  const query = /^#\((.*)\)(#?)$/s.exec(part);
  if (!query) return jsonNull;
  const matches = readQuery(query[1] ?? '');
  if (query[2] !== '#') {
    const item = items.find(matches);
    return item ? follow(item, rest) : jsonNull;
  }
  const found = items.filter(matches);
  if (rest === '' || piped) return follow({ type: 'Array', items: found }, rest);
  return project(found, rest);
}

/** Every element's value at the path; a pipe behind it looks at all of them together. */
function project(items: readonly LenientJson[], path: string): LenientJson {
  const pipe = topLevel(path, /^\|/);
  const each = pipe < 0 ? path : path.slice(0, pipe);
  const found: LenientJson = {
    type: 'Array',
    items: items.map((item) => follow(item, each)).filter((item) => item !== jsonNull),
  };
  return pipe < 0 ? found : follow(found, path.slice(pipe + 1));
}

/** Where a pattern first matches outside of parentheses and quotes; -1: nowhere. */
function topLevel(text: string, pattern: RegExp): number {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === '(') depth++;
    else if (!quoted && c === ')') depth--;
    else if (!quoted && depth === 0 && pattern.test(text.slice(i))) return i;
  }
  return -1;
}

const comparison = /^(==|!=|!%|<=|>=|=|<|>|%)/;

/** `path op value` with == = != < <= > >= % !%; a path alone asks whether it is there. */
function readQuery(query: string): (item: LenientJson) => boolean {
  const text = query.trim();
  const at = topLevel(text, comparison);
  const operator = at < 0 ? undefined : comparison.exec(text.slice(at))?.[0];
  const path = at < 0 ? text : text.slice(0, at).trim();
  const wanted =
    operator === undefined ? undefined : (readLenientJson(text.slice(at + operator.length)) ?? jsonNull);
  return (item) => {
    const value = path === '' ? item : follow(item, path);
    return value !== jsonNull && (wanted === undefined || compare(value, operator ?? '', wanted));
  };
}

function compare(value: LenientJson, operator: string, wanted: LenientJson): boolean {
  const kinds = [value.type, wanted.type];
  if (value.type === 'String' && wanted.type === 'String') {
    if (operator === '%') return wildcard(wanted.value)(value.value);
    if (operator === '!%') return !wildcard(wanted.value)(value.value);
    return ordered(value.value, operator, wanted.value);
  }
  if (value.type === 'Number' && wanted.type === 'Number')
    return ordered(value.value, operator, wanted.value);
  if (!kinds.every((kind) => ['True', 'False', 'Null'].includes(kind))) return operator === '!=';
  return operator === '!='
    ? value.type !== wanted.type
    : ['=', '=='].includes(operator) && value.type === wanted.type;
}

function ordered<T extends string | number>(a: T, operator: string, b: T): boolean {
  switch (operator) {
    case '=':
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    default:
      return false;
  }
}

function modify(json: LenientJson, path: string): LenientJson {
  const { part, rest } = splitPath(path);
  const [name = '', argument] = part.slice(1).split(':');
  if (argument !== undefined)
    throw new JsonPathError(`modifier @${part.slice(1)}: arguments are not supported`);
  return follow(applyModifier(json, name), rest);
}

function applyModifier(json: LenientJson, name: string): LenientJson {
  switch (name) {
    case 'this':
    case 'valid':
    case 'ugly':
    case 'pretty':
      return json;
    case 'reverse':
      if (json.type === 'Array') return { type: 'Array', items: [...json.items].reverse() };
      return json.type === 'Object' ? { type: 'Object', entries: [...json.entries].reverse() } : json;
    case 'keys':
      if (json.type !== 'Object')
        return { type: 'Array', items: json.type === 'Array' ? json.items.map(() => jsonNull) : [] };
      return { type: 'Array', items: json.entries.map(([key]) => ({ type: 'String', value: key })) };
    case 'values':
      if (json.type === 'Object') return { type: 'Array', items: json.entries.map(([, value]) => value) };
      return json.type === 'Array' ? json : { type: 'Array', items: [json] };
    case 'tostr':
      return { type: 'String', value: writeJson(json) };
    case 'fromstr':
      return json.type === 'String' ? (readLenientJson(json.value) ?? jsonNull) : json;
    case 'flatten':
    case 'join':
    case 'group':
    case 'dig':
      throw new JsonPathError(`modifier @${name} is not supported`);
    default:
      return jsonNull;
  }
}
