import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml';

/** A scalar as Go's YAML reads it. */
export type YamlScalar =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  /** Anything else, already as Go prints it in an error. */
  | { readonly kind: 'other'; readonly shown: string };

export class YamlPathError extends Error {
  override readonly name = 'YamlPathError';
}

/** The scalar at a path of keys and indexes with dots between them. Throws YamlPathError. */
export function readYamlPath(body: string, path: string): YamlScalar {
  const document = parseDocument(body, { schema: 'failsafe', uniqueKeys: false });
  const [error] = document.errors;
  if (error) throw new YamlPathError(`yaml: ${error.message.split('\n')[0]}`);
  const top = resolve(document, document.contents);
  if (top !== null && !isMap(top))
    throw new YamlPathError('yaml: unmarshal errors: the document is not a mapping');
  let current: Node | null = top;
  for (const key of path.split('.')) {
    const next = current === null ? undefined : child(current, key);
    if (next === undefined) throw new YamlPathError(`key '${key}' not found in path '${path}'`);
    current = resolve(document, next);
    if (current === null) return { kind: 'other', shown: '%!s(<nil>)' };
    if (isScalar(current))
      return readScalar(current.source ?? String(current.value ?? ''), current.type === 'PLAIN');
  }
  throw new YamlPathError(`path '${path}' does not lead to a value`);
}

function resolve(document: Document, node: unknown): Node | null {
  if (isAlias(node)) return node.resolve(document) ?? null;
  return isMap(node) || isSeq(node) || isScalar(node) ? node : null;
}

/** The child's node, null for an empty value, undefined when there is no such child. */
function child(node: Node, key: string): unknown {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    return pair ? (pair.value ?? null) : undefined;
  }
  if (!isSeq(node)) return undefined;
  return node.items.find((_, i) => String(i) === key);
}

const integer = /^[-+]?(0b[01_]+|0o[0-7_]+|0x[\da-fA-F_]+|\d[\d_]*)$/;
const float = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;

function readScalar(text: string, plain: boolean): YamlScalar {
  if (!plain) return { kind: 'string', value: text };
  if (['', '~', 'null', 'Null', 'NULL'].includes(text)) return { kind: 'other', shown: '%!s(<nil>)' };
  if (/^(true|True|TRUE|false|False|FALSE)$/.test(text)) {
    return { kind: 'other', shown: `%!s(bool=${text.toLowerCase()})` };
  }
  const bare = text.replaceAll('_', '');
  if (integer.test(text)) return readInteger(bare);
  if (float.test(bare)) return { kind: 'number', value: Number(bare) };
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text))
    return { kind: 'number', value: text.startsWith('-') ? -Infinity : Infinity };
  if (/^\.(nan|NaN|NAN)$/.test(text)) return { kind: 'number', value: NaN };
  return { kind: 'string', value: text };
}

function readInteger(bare: string): YamlScalar {
  const digits = bare.replace(/^[-+]/, '');
  // A leading zero alone means octal, as in old YAML.
  const literal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
  if (/^0\d/.test(literal)) return { kind: 'number', value: Number(bare) };
  const magnitude = BigInt(literal);
  const value = bare.startsWith('-') ? -magnitude : magnitude;
  if (value >= 2n ** 63n && value < 2n ** 64n) return { kind: 'other', shown: `%!s(uint64=${value})` };
  return { kind: 'number', value: Number(value) };
}
