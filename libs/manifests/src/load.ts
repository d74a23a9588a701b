import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Document,
  type ScalarTag,
} from 'yaml';
import { isFields, listOf, textOf, withoutNulls } from './fields';
import type { FieldPath, Issue, ManifestError } from './issue';
import type { ManifestObject } from './types/meta';
import { validateObject } from './validate';

export interface LoadedManifest {
  readonly object: ManifestObject;
  readonly file: string;
  /** Line of the object's first field, from 1. */
  readonly line: number;
}

export interface LoadedManifests {
  /** Objects without any error, in the order of the text. */
  readonly objects: readonly LoadedManifest[];
  /** In the order of the text. */
  readonly errors: readonly ManifestError[];
}

function booleanTag(value: boolean, test: RegExp): ScalarTag {
  return {
    identify: (v) => v === value,
    default: true,
    tag: 'tag:yaml.org,2002:bool',
    test,
    resolve: () => value,
  };
}

/**
 * kubectl reads YAML 1.1, but without its times, its base-60 numbers and its one-letter booleans: `0644` is octal, `on` is true,
 * `y` and `2001-01-01` are text.
 */
function parseDocuments(text: string, lines: LineCounter): Document[] {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    customTags: (tags) => [
      booleanTag(true, /^(?:[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/),
      booleanTag(false, /^(?:[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/),
      ...tags.filter(
        (tag) =>
          typeof tag === 'string' ||
          !(
            tag.tag.endsWith(':bool') ||
            tag.tag.endsWith(':timestamp') ||
            ('format' in tag && tag.format === 'TIME')
          ),
      ),
    ],
  });
  return 'empty' in documents ? [] : documents;
}

/** Offset of what the path names: the key for a named field, the item in a list, the nearest parent that exists otherwise. */
function offsetOf(document: Document, root: FieldPath, path: FieldPath): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? document.range?.[0] ?? 0;
  for (const part of [...root, ...path]) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      );
      if (!pair) return offset;
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else if (isSeq(node) && typeof part === 'number') {
      node = node.items[part];
      if (isMap(node) || isSeq(node) || isScalar(node)) offset = node.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}

/** Anchors can make a value contain itself or grow without bound: both are errors of the text. */
function valueOf(document: Document, refuse: (message: string) => void): unknown {
  try {
    const value: unknown = document.toJS();
    JSON.stringify(value);
    return value;
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    refuse(message.startsWith('Converting circular') ? 'an anchor contains itself' : message);
    return undefined;
  }
}

function isManifest(value: unknown): value is ManifestObject {
  return (
    isFields(value) &&
    textOf(value.apiVersion) !== undefined &&
    textOf(value.kind) !== undefined &&
    isFields(value.metadata)
  );
}

/**
 * Reads manifests out of a text of YAML documents (or JSON), `List` objects taken apart, each validated strictly.
 * Never throws for what the text holds.
 *
 * @param file the name that errors carry
 */
export function loadManifests(text: string, file: string): LoadedManifests {
  const lines = new LineCounter();
  const objects: LoadedManifest[] = [];
  const errors: (ManifestError & { readonly offset: number })[] = [];
  const report = (issue: Issue, offset: number): void => {
    const { line, col } = lines.linePos(offset);
    errors.push({ ...issue, file, line: Math.max(line, 1), column: Math.max(col, 1), offset });
  };
  for (const document of parseDocuments(text, lines)) {
    for (const error of document.errors)
      report({ code: 'Syntax', path: [], message: `YAML: ${error.message}` }, error.pos[0]);
    if (document.errors.length) continue;
    const start = document.contents?.range?.[0] ?? 0;
    const value = valueOf(document, (message) =>
      report({ code: 'Syntax', path: [], message: `YAML: ${message}` }, start),
    );
    if (value === null || value === undefined) continue;
    const isList = isFields(value) && value.apiVersion === 'v1' && value.kind === 'List';
    const parts = isList
      ? listOf(value.items).map((item, i) => ({ item, root: ['items', i] as FieldPath }))
      : [{ item: value, root: [] as FieldPath }];
    for (const { item, root } of parts) {
      const issues = validateObject(item);
      for (const issue of issues) report(issue, offsetOf(document, root, issue.path));
      const object = withoutNulls(item);
      if (issues.length === 0 && isManifest(object)) {
        objects.push({ object, file, line: lines.linePos(offsetOf(document, root, [])).line });
      }
    }
  }
  errors.sort((a, b) => a.offset - b.offset);
  return { objects, errors: errors.map(({ offset: _, ...error }) => error) };
}
