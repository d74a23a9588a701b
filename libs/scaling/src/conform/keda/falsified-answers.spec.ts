import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KedaCase, type KedaFamily } from './case';
import { replayKedaCase } from './replay';

const folder = join(__dirname, '../../../conformance/keda');
type Answer = Record<string, unknown>;
type Path = readonly (string | number)[];

const ofTrigger = ['metric', 'valueMilli', 'isActive', 'error', 'rejected'];
const ofReconcile = ['replicasAfter', 'scaleLoop', 'hpa', 'status', 'conditions', 'events', 'reconcileError'];

/** What of a tick or an expectation is an answer; the rest is the question. */
const answers: Readonly<Record<KedaFamily, readonly string[]>> = {
  executor: [
    'replicasAfter',
    'lastActiveTime',
    'pausedReplicaCount',
    'triggersActivity',
    'conditions',
    'events',
  ],
  fallback: ['resultMilli', 'resultMetric', 'resultError', 'fallbackActive', 'health', 'fallbackCondition'],
  formula: ['valid', 'metric', 'valueMilli', 'error', 'runError'],
  prometheus: [...ofTrigger, 'request'],
  'metrics-api': ofTrigger,
  sqs: ofTrigger,
  workload: ofTrigger,
  cron: ofTrigger,
  kafka: ofTrigger,
  scaledjob: ['isActive', 'scaleTo', 'maxScale', 'jobsCreated', 'jobsDeleted', 'conditions', 'events'],
  hpa: ofReconcile,
  lifecycle: ofReconcile,
  validation: ['allowed', 'error', 'errorOneOf'],
  parse: ['metric', 'rejected'],
  loop: [
    'replicasAfter',
    'answerMilli',
    'error',
    'lastActiveTime',
    'hpa',
    'triggersActivity',
    'events',
    'health',
    'conditions',
  ],
};
const errors = ['error', 'rejected', 'resultError', 'reconcileError', 'runError'];

/** Recorded, but not compared: what the replay's README says. */
const notCompared = /\.hpa\.metadata\.(namespace|labels\.app\.kubernetes\.io\/version)$/;

const casesOf = (family: KedaFamily): readonly KedaCase[] =>
  JSON.parse(readFileSync(join(folder, `${family}.json`), 'utf8')) as KedaCase[];

const textOf = (path: Path): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');

/** All plain values below an answer. */
function leaves(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((item, i) => leaves(item, [...path, i]));
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
}

function otherValue(value: unknown, key: string): unknown {
  if (value === null && key === 'hpa') return { metadata: { name: 'KEDA never names one so' }, spec: {} };
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return /^-?\d+$/.test(value) ? `${value}1` : 'KEDA never says this';
  return 7;
}

/** The answers of a case: of its ticks, of its expectation, and the metric that it declares. */
function answersOf(recorded: KedaCase, family: KedaFamily): [Path, Answer][] {
  const { ticks, expect, input } = recorded as unknown as {
    ticks?: Answer[];
    expect?: Answer;
    input: Answer;
  };
  const only = (source: Answer) =>
    Object.fromEntries(Object.entries(source).filter(([key]) => answers[family].includes(key)));
  const declared = family === 'cron' || family === 'kafka' ? { metric: input.metric } : {};
  return [
    ...(ticks ?? []).map((tick, i): [Path, Answer] => [['ticks', i], only(tick)]),
    ...(expect === undefined ? [] : [[['expect'], only(expect)] as [Path, Answer]]),
    ...('metric' in declared && declared.metric !== undefined
      ? [[['input'], declared] as [Path, Answer]]
      : []),
  ];
}

function changed(recorded: KedaCase, path: Path, change: (parent: Answer, key: string) => void): KedaCase {
  const copy = structuredClone(recorded);
  let parent = copy as unknown as Answer;
  for (const key of path.slice(0, -1)) parent = parent[key] as Answer;
  change(parent, String(path.at(-1)));
  return copy;
}

/** Every kind of answer once: where it stands, the number of its tick and of list entries left out. */
function* falsifications(family: KedaFamily): Generator<[string, KedaCase, string, string]> {
  const seen = new Set<string>();
  const isNew = (kind: string, path: Path) => {
    const shape = `${kind} ${path.filter((key) => typeof key !== 'number').join('.')}`;
    return !seen.has(shape) && Boolean(seen.add(shape));
  };
  for (const recorded of casesOf(family)) {
    // From the first request on a loop's conditions and health are compared loosely.
    const { ticks } = recorded as unknown as { ticks?: Answer[] };
    const firstRequest = family === 'loop' ? (ticks ?? []).findIndex(({ kind }) => kind === 'request') : -1;
    for (const [at, answer] of answersOf(recorded, family)) {
      for (const [key, value] of Object.entries(answer)) {
        const loose = firstRequest >= 0 && Number(at[1]) >= firstRequest;
        if (loose && ['conditions', 'health'].includes(key)) continue;
        // A deleted object has no status any more.
        if (ticks?.[Number(at[1])]?.deleted && ['conditions', 'status'].includes(key)) continue;
        // One of several possible errors is looked for under one name.
        const top = textOf([...at, key]).replace('errorOneOf', 'error');
        for (const leaf of leaves(value, [...at, key])) {
          if (notCompared.test(`.${textOf(leaf)}`) || !isNew('another', leaf)) continue;
          const wrong = changed(recorded, leaf, (parent, last) => {
            parent[last] = otherValue(parent[last], last);
          });
          yield [`another ${textOf(leaf)}`, wrong, top, textOf(leaf).replace('errorOneOf', 'error')];
        }
        if (errors.includes(key) && isNew('no', [...at, key])) {
          const wrong = changed(recorded, [...at, key], (parent, last) => delete parent[last]);
          yield [`no ${top}`, wrong, top, top];
        }
      }
      const error = (family === 'formula' ? ['runError'] : errors).find(
        (name) => answers[family].includes(name) && name !== 'rejected' && !(name in answer),
      );
      const isWhole = answer.rejected === undefined && answer.valid !== false && at[0] !== 'input';
      if (error !== undefined && isWhole && !(family === 'validation') && isNew('an', [...at, error])) {
        const top = textOf([...at, error]);
        const wrong = changed(recorded, [...at, error], (parent, last) => {
          parent[last] = 'KEDA never says this';
        });
        yield [`an ${top}`, wrong, top, top];
      }
    }
  }
}

const families = Object.keys(answers) as KedaFamily[];

describe.each(families)('a recorded answer of %s that is falsified', (family) => {
  it('is found, at its place, with what was got instead', () => {
    let count = 0;
    for (const [what, recorded, top, leaf] of falsifications(family)) {
      const { passed, firstDifference } = replayKedaCase(family, recorded);
      expect([what, recorded.name, passed]).toEqual([what, recorded.name, false]);
      const at = firstDifference?.at ?? '';
      expect([what, recorded.name, at.startsWith(top), leaf.startsWith(at), at]).toEqual([
        what,
        recorded.name,
        true,
        true,
        at,
      ]);
      expect([what, recorded.name, firstDifference?.got]).not.toEqual([
        what,
        recorded.name,
        firstDifference?.expected,
      ]);
      count += 1;
    }
    expect(count).toBeGreaterThan(2);
  });
});
