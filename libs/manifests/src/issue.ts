/** Where in an object: property names and list indexes from its root. */
export type FieldPath = readonly (string | number)[];

export type IssueCode =
  | 'Syntax'
  | 'NotAnObject'
  | 'UnknownKind'
  | 'UnknownField'
  | 'UnknownTrigger'
  | 'WrongType'
  | 'NotAllowed'
  | 'Missing'
  | 'Conflict';

export interface Issue {
  readonly code: IssueCode;
  readonly path: FieldPath;
  /** Says what is wrong and what is allowed; does not repeat the path. */
  readonly message: string;
}

/** An issue of a manifest with its place in the file. */
export interface ManifestError extends Issue {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** `spec.template.spec.containers[0].image`; keys that are not plain words in quotes. */
export function formatPath(path: FieldPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(part)) text += text ? `.${part}` : part;
    else text += `[${JSON.stringify(part)}]`;
  }
  return text;
}

/** `charts/x.yaml:12: spec.replicas: must be an integer, got string "3"`. */
export function formatManifestError(error: ManifestError): string {
  const path = formatPath(error.path);
  return `${error.file}:${error.line}: ${path ? `${path}: ` : ''}${error.message}`;
}

/** A value's kind and, where short, the value itself: `string "3"`, `a list`. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return value.length <= 40 ? `string ${JSON.stringify(value)}` : 'a string';
  return `${typeof value} ${String(value)}`;
}

/** `"a", "b" or "c"`. */
export function oneOf(values: readonly unknown[]): string {
  const words = values.map((v) => JSON.stringify(v));
  const last = words.pop() ?? '';
  return words.length ? `${words.join(', ')} or ${last}` : last;
}
