import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';

type Path = readonly (string | number)[];

/** Which line of a text holds a field. */
export class SourceLines {
  private readonly lines = new LineCounter();
  private readonly roots = new Map<number, unknown>();

  constructor(text: string) {
    const documents = parseAllDocuments(text, {
      lineCounter: this.lines,
      logLevel: 'silent',
      prettyErrors: false,
    });
    if ('empty' in documents) return;
    for (const { contents } of documents) this.addRoot(contents);
  }

  private addRoot(node: unknown): void {
    if (!isMap(node)) return;
    this.roots.set(this.lineAt(node.range?.[0] ?? 0), node);
    const items = node.get('items');
    if (isSeq(items)) for (const item of items.items) this.addRoot(item);
  }

  private lineAt(offset: number): number {
    return this.lines.linePos(offset).line;
  }

  /** Line of the field, or of the nearest parent that is there. @param objectLine line of the object's first field */
  lineOf(objectLine: number, path: Path): number {
    let node = this.roots.get(objectLine);
    let line = objectLine;
    for (const part of path) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
        if (!pair) return line;
        if (isScalar(pair.key) && pair.key.range) line = this.lineAt(pair.key.range[0]);
        node = pair.value;
      } else if (isSeq(node) && typeof part === 'number') {
        node = node.items[part];
        if (isMap(node) && node.range) line = this.lineAt(node.range[0]);
      } else return line;
    }
    return line;
  }
}
