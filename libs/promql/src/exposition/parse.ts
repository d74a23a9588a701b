import { metricName, type Labels } from '../labels';
import { parseNumber } from '../number-text';

export interface ExposedSample {
  /** With the name as `__name__`. */
  readonly labels: Labels;
  readonly value: number;
  /** Milliseconds, where the target gives one of its own. */
  readonly timestampMs?: number;
}

export interface MetricFamily {
  readonly type?: string;
  readonly help?: string;
}

export interface Exposition {
  readonly samples: readonly ExposedSample[];
  readonly families: ReadonlyMap<string, MetricFamily>;
}

/** A scrape that does not parse is refused whole, as by Prometheus. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
  readonly code = 'BadExposition';
  constructor(
    /** From 1. */
    readonly line: number,
    message: string,
  ) {
    super(`line ${line}: ${message}`);
  }
}

const sample = /^([a-zA-Z_:][\w:]*)?\s*(\{)?/y;
const label = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|\})/y;
const tail = /^\s+(\S+)(?:\s+(-?\d+(?:\.\d+)?))?\s*(?:#\s.*)?$/;

const escapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

function unescape(text: string): string {
  return text.includes('\\') ? text.replace(/\\[\\"n]/g, (found) => escapes[found] ?? found) : text;
}

function parseSample(line: string, number: number): ExposedSample {
  sample.lastIndex = 0;
  const head = sample.exec(line);
  const name = head?.[1];
  if (!head || (!name && !head[2]))
    throw new ExpositionError(number, `expected a metric name, got ${JSON.stringify(line.slice(0, 40))}`);
  const labels: Record<string, string> = name ? { [metricName]: name } : {};
  let end = name?.length ?? 0;
  if (head[2]) {
    end = sample.lastIndex;
    const empty = /\s*\}/y;
    empty.lastIndex = end;
    if (empty.test(line)) end = empty.lastIndex;
    else end = parseLabels(line, end, labels, number);
  }
  const rest = tail.exec(head[2] ? ` ${line.slice(end)}` : line.slice(end));
  const value = rest ? parseNumber(rest[1] ?? '') : undefined;
  if (!rest || value === undefined)
    throw new ExpositionError(
      number,
      `expected a value after ${JSON.stringify(line.slice(0, end))}, got ${JSON.stringify(line.slice(end).trim())}`,
    );
  return rest[2] === undefined ? { labels, value } : { labels, value, timestampMs: Number(rest[2]) };
}

function parseLabels(line: string, start: number, labels: Record<string, string>, number: number): number {
  const closing = /\s*\}/y;
  for (let at = start; ; at = label.lastIndex) {
    closing.lastIndex = at;
    if (closing.test(line)) return closing.lastIndex;
    label.lastIndex = at;
    const pair = label.exec(line);
    if (!pair)
      throw new ExpositionError(
        number,
        `expected name="value" in the labels, got ${JSON.stringify(line.slice(at, at + 40))}`,
      );
    const [, name = '', text = '', separator] = pair;
    if (Object.hasOwn(labels, name)) throw new ExpositionError(number, `label ${name} stands twice`);
    labels[name] = unescape(text);
    if (separator === '}') return label.lastIndex;
  }
}

/**
 * Reads Prometheus' text format 0.0.4; of OpenMetrics, exemplars and `# EOF` are passed over.
 * @throws ExpositionError with the line
 */
export function parseExposition(text: string): Exposition {
  const samples: ExposedSample[] = [];
  const families = new Map<string, MetricFamily>();
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim();
    if (line === '') return;
    if (!line.startsWith('#')) {
      samples.push(parseSample(line, i + 1));
      return;
    }
    const comment = /^#\s+(TYPE|HELP)\s+(\S+)(?:\s+(.*))?$/.exec(line);
    if (!comment) return;
    const [, word, name = '', content = ''] = comment;
    families.set(name, {
      ...families.get(name),
      ...(word === 'TYPE' ? { type: content } : { help: unescape(content) }),
    });
  });
  return { samples, families };
}
