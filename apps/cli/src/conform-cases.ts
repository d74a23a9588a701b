import { basename } from 'node:path';
import {
  kedaFamilies,
  replayHpaCase,
  replayKedaCase,
  type HpaCase,
  type KedaCase,
  type KedaFamily,
} from '@scalelab/scaling';
import { replayTimeline, type TimelineCase } from '@scalelab/simulation';
import { badInput, firstLine } from './command-error';
import { differenceText } from './difference-text';
import { readText } from './input-file';

export type CaseKind = 'hpa' | 'keda' | 'timeline';
type Fields = Readonly<Record<string, unknown>>;

export interface CaseResult {
  readonly name: string;
  /** Where it first departs from the recorded run, in one line; absent: it does not. */
  readonly failure?: string;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The list of recorded runs that a file holds. @throws CommandError */
export function readCases(file: string): readonly Fields[] {
  let value: unknown;
  try {
    value = JSON.parse(readText(file));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badInput(`${file}: is not JSON: ${firstLine(error)}`, error);
  }
  if (!Array.isArray(value)) throw badInput(`${file}: must hold a list of recorded runs`);
  return value.map((item: unknown, index) => {
    if (isFields(item) && typeof item.name === 'string') return item;
    throw badInput(`${file}: run ${index + 1} must be a map with a name`);
  });
}

/** Told by the fields that a run of that kind must have. @throws CommandError */
export function caseKindOf(file: string, cases: readonly Fields[]): CaseKind {
  const first = cases[0] ?? {};
  if ('hpa' in first && 'workload' in first && 'ticks' in first) return 'hpa';
  if ('queries' in first && 'replicas' in first) return 'timeline';
  if ('input' in first) {
    familyOf(file);
    return 'keda';
  }
  throw badInput(
    `${file}: holds no recorded runs: neither hpa, workload and ticks, nor input, nor queries and replicas`,
  );
}

function familyOf(file: string): KedaFamily {
  const name = basename(file, '.json');
  const family = kedaFamilies.find((known) => known === name);
  if (family !== undefined) return family;
  throw badInput(`${file}: runs of KEDA are in files named after what they test: ${kedaFamilies.join(', ')}`);
}

/** Replays runs one by one; a run that the core cannot even read fails with what it says. */
export function* replayCases(kind: CaseKind, file: string, cases: readonly Fields[]): Generator<CaseResult> {
  for (const recorded of cases) {
    const name = String(recorded.name);
    let failure: string | undefined;
    try {
      failure = failureOf(kind, file, recorded);
    } catch (error) {
      failure = `cannot be replayed: ${firstLine(error)}`;
    }
    yield { name, ...(failure === undefined ? {} : { failure }) };
  }
}

function failureOf(kind: CaseKind, file: string, recorded: Fields): string | undefined {
  switch (kind) {
    case 'hpa':
      return hpaFailure(recorded);
    case 'keda':
      return kedaFailure(familyOf(file), recorded);
    case 'timeline':
      return timelineFailure(recorded);
  }
}

function timelineFailure(recorded: Fields): string | undefined {
  const { firstDifference } = replayTimeline(recorded as unknown as TimelineCase);
  if (!firstDifference) return undefined;
  return differenceText(firstDifference);
}

function hpaFailure(recorded: Fields): string | undefined {
  const difference = replayHpaCase(asHpaCase(recorded)).firstDifference;
  if (!difference) return undefined;
  const { tick, t, field, expected, got, steps } = difference;
  const path = steps.map(({ rule, result }) => `${rule} ${String(result)}`).join(', ');
  return `tick ${tick} at ${t} s: ${field} expected ${show(expected)}, got ${show(got)}${path === '' ? '' : ` (${path})`}`;
}

function kedaFailure(family: KedaFamily, recorded: Fields): string | undefined {
  const { firstDifference: difference, steps = [] } = replayKedaCase(family, asKedaCase(recorded));
  if (!difference) return undefined;
  const path = steps.length > 0 ? ` (${steps.join(', ')})` : '';
  return `${difference.at}: expected ${show(difference.expected)}, got ${show(difference.got)}${path}`;
}

/** The replay reads the run field by field and fails by name on what it does not find. */
const asHpaCase = (recorded: Fields): HpaCase => recorded as unknown as HpaCase;
const asKedaCase = (recorded: Fields): KedaCase => recorded as unknown as KedaCase;

function show(value: unknown): string {
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  );
  return text === undefined ? 'nothing' : text.length > 200 ? `${text.slice(0, 197)}...` : text;
}
