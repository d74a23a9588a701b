import type { LineKind } from './line';

/** `?` after a type: the field may be absent; `|null`: it may be null. `any`: it must be there, whatever it is. */
type FieldType =
  | 'any'
  | 'boolean'
  | 'list?'
  | 'map'
  | 'number'
  | 'number?'
  | 'number|null'
  | 'text'
  | 'text?'
  | 'text|null'
  | 'workload'
  | 'workload?'
  | readonly string[];

const decided = {
  t: 'number',
  workload: 'workload',
  from: 'number',
  to: 'number',
  wanted: 'number|null',
  reason: 'text',
  sentence: 'text',
  steps: 'list?',
  input: 'any',
  decision: 'any',
} as const;

/** What a reader relies on in each kind of line; further fields are kept and ignored. */
export const lineFields: Readonly<Record<LineKind, Readonly<Record<string, FieldType>>>> = {
  header: {
    version: 'number',
    startedAt: 'text',
    speed: 'text',
    fidelity: ['full', 'observed'],
    machine: 'map',
    versions: 'map',
    profile: 'map',
    controller: 'map',
  },
  manifest: { t: 'number', action: ['added', 'modified', 'deleted'], object: 'map' },
  hpaSync: { ...decided, hpa: 'text' },
  kedaPoll: { ...decided, scaledObject: 'text' },
  scaledJobPoll: { ...decided, scaledJob: 'text' },
  metricRequest: {
    t: 'number',
    workload: 'workload',
    scaledObject: 'text',
    metric: 'text',
    valueMilli: 'text|null',
    error: 'text?',
    input: 'any',
    decision: 'any',
  },
  pod: {
    t: 'number',
    namespace: 'text',
    name: 'text',
    workload: 'workload?',
    event: [
      'created',
      'started',
      'ready',
      'unready',
      'restarted',
      'terminating',
      'succeeded',
      'failed',
      'deleted',
    ],
    reason: 'text?',
    message: 'text?',
  },
  sample: {
    t: 'number',
    workload: 'workload',
    value: 'number|null',
    desired: 'number',
    current: 'number',
    ready: 'number',
    backlogAgeSeconds: 'number?',
  },
  load: { t: 'number', workload: 'workload', description: 'text', count: 'number?', rate: 'number?' },
  expectation: {
    t: 'number',
    workload: 'workload',
    phase: ['activation', 'out', 'in'],
    expected: 'text',
    observed: 'text',
    held: 'boolean',
  },
  messages: {
    t: 'number',
    workload: 'workload',
    sent: 'number',
    stored: 'number',
    lost: 'number',
    duplicates: 'number',
  },
  note: { t: 'number', level: ['info', 'warn', 'error'], text: 'text', workload: 'workload?' },
};

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWorkload(value: unknown): boolean {
  return isMap(value) && typeof value.namespace === 'string' && typeof value.name === 'string';
}

const tests: Readonly<Record<Extract<FieldType, string>, readonly [(value: unknown) => boolean, string]>> = {
  any: [(v) => v !== undefined, 'present'],
  boolean: [(v) => typeof v === 'boolean', 'true or false'],
  'list?': [(v) => v === undefined || Array.isArray(v), 'a list'],
  map: [isMap, 'a map'],
  number: [(v) => typeof v === 'number', 'a number'],
  'number?': [(v) => v === undefined || typeof v === 'number', 'a number'],
  'number|null': [(v) => v === null || typeof v === 'number', 'a number or null'],
  text: [(v) => typeof v === 'string', 'a string'],
  'text?': [(v) => v === undefined || typeof v === 'string', 'a string'],
  'text|null': [(v) => v === null || typeof v === 'string', 'a string or null'],
  workload: [isWorkload, 'a map with namespace and name'],
  'workload?': [(v) => v === undefined || isWorkload(v), 'a map with namespace and name'],
};

/** What a value must be to fit, or undefined when it fits. */
export function misfit(value: unknown, type: FieldType): string | undefined {
  if (typeof type === 'string') {
    const [fits, wanted] = tests[type];
    return fits(value) ? undefined : wanted;
  }
  return typeof value === 'string' && type.includes(value)
    ? undefined
    : type.map((t) => JSON.stringify(t)).join(', ');
}
