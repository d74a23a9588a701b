import { GoTextError, parseFloat64 } from '../go/text';

/** A text that is no exposition, or a selector that cannot be read. */
export class ExpositionError extends Error {
  override readonly name = 'ExpositionError';
}

interface Sample {
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}
interface Family {
  readonly type: string;
  readonly samples: Sample[];
}

/**
 * The value that a series selector picks from an exposition: the first series of that name with those labels. All
 * operators compare for equality, `!=` and `=~` too, as KEDA does. Histograms and summaries have no value.
 */
export function readExposition(body: string, selector: string): number {
  const { name, labels } = readSeriesSelector(selector);
  const families = readFamilies(body);
  const family = families.get(name);
  if (!family || family.samples.length === 0) throw new ExpositionError(`metric '${name}' not found`);
  const simple = !['histogram', 'summary'].includes(family.type);
  const sample = family.samples.find((s) => labels.every(([label, value]) => s.labels.get(label) === value));
  if (!simple || !sample) throw new ExpositionError(`value ${selector} not found`);
  return sample.value;
}

interface SeriesSelector {
  readonly name: string;
  readonly labels: readonly (readonly [string, string])[];
}

const matcher =
  /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)\s*/;

function readSeriesSelector(text: string): SeriesSelector {
  const head = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)?\s*(\{?)/.exec(text);
  const bad = (why: string): ExpositionError =>
    new ExpositionError(`1:1: parse error: ${why} in ${JSON.stringify(text)}`);
  if (!head || head[0].trim() === '') throw bad('no series selector');
  let name = head[1] ?? '';
  const labels: (readonly [string, string])[] = [];
  let rest = text.slice(head[0].length);
  if (head[2] === '{') {
    while (!/^\s*\}/.test(rest)) {
      const match = matcher.exec(rest);
      if (!match)
        throw bad(rest.trim() === '' ? 'unexpected end of input inside braces' : 'unexpected character');
      const [, label = '', , quoted = ''] = match;
      if (label === '__name__') name = unquote(quoted);
      else labels.push([label, unquote(quoted)]);
      rest = rest.slice(match[0].length);
      if (rest.startsWith(',')) rest = rest.slice(1);
      else if (!rest.startsWith('}')) throw bad('unexpected end of input inside braces');
    }
    rest = rest.replace(/^\s*\}/, '');
  }
  if (rest.trim() !== '') throw bad('unexpected text after the selector');
  return { name, labels };
}

const unquote = (quoted: string): string =>
  quoted.startsWith('`')
    ? quoted.slice(1, -1)
    : quoted.slice(1, -1).replace(/\\(.)/gs, (_, c: string) => escapes[c] ?? c);
const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function readFamilies(body: string): ReadonlyMap<string, Family> {
  const families = new Map<string, Family>();
  const lines = body.replaceAll('\r\n', '\n').split('\n');
  lines.forEach((line, i) => {
    const fail = (why: string): ExpositionError =>
      new ExpositionError(
        `prometheus format parsing error: text format parsing error in line ${i + 1}: ${why}`,
      );
    const text = line.trim();
    if (text === '') return;
    if (text.startsWith('#')) readComment(text, families, fail);
    else readSample(text, families, fail);
  });
  return families;
}

type Fail = (why: string) => ExpositionError;
const types = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];

function readComment(text: string, families: Map<string, Family>, fail: Fail): void {
  const [, keyword, name = '', ...words] = text.replace(/^#/, '# ').split(/[ \t]+/);
  if (keyword !== 'TYPE') return;
  const type = words.join(' ').toLowerCase();
  if (!types.includes(type)) throw fail(`unknown metric type ${JSON.stringify(words.join(' '))}`);
  if (families.has(name)) {
    throw fail(`second TYPE line for metric name ${JSON.stringify(name)}, or TYPE reported after samples`);
  }
  families.set(name, { type, samples: [] });
}

function readSample(text: string, families: Map<string, Family>, fail: Fail): void {
  const match =
    /^([a-zA-Z_:][a-zA-Z0-9_:]*)[ \t]*(\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?[ \t]*(\S+)?(?:[ \t]+(-?\d+))?$/.exec(
      text,
    );
  if (!match) throw fail('invalid metric name or sample');
  const [, name = '', braces = '', value] = match;
  if (value === undefined) throw fail('expected float as value, got ""');
  const family = familyOf(name, families);
  family.samples.push({ labels: readLabels(braces, fail), value: readValue(value, fail) });
}

function familyOf(name: string, families: Map<string, Family>): Family {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  const composite = base === name ? undefined : families.get(base);
  if (composite && ['histogram', 'summary'].includes(composite.type)) return composite;
  let family = families.get(name);
  if (!family) {
    family = { type: 'untyped', samples: [] };
    families.set(name, family);
  }
  return family;
}

function readLabels(braces: string, fail: Fail): ReadonlyMap<string, string> {
  const labels = new Map<string, string>();
  let rest = braces.slice(1, -1);
  while (rest.trim() !== '') {
    const match = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*("(?:[^"\\]|\\.)*")\s*(,|$)/.exec(rest);
    if (!match) throw fail('expected a label');
    labels.set(match[1] ?? '', unquote(match[2] ?? '""'));
    rest = rest.slice(match[0].length);
  }
  return labels;
}

function readValue(text: string, fail: Fail): number {
  try {
    if (!/[pP_]/.test(text)) return parseFloat64(text);
  } catch (error) {
    if (!(error instanceof GoTextError)) throw error;
  }
  throw fail(`expected float as value, got ${JSON.stringify(text)}`);
}
