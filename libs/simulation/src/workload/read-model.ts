import { describe, nearest } from '@scalelab/manifests';
import { defaultModel, type ModelSignal, type WorkloadModel } from './workload-model';

/** A workload model that cannot be used; `field` is the one at fault. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly code = 'BadModel';

  constructor(
    readonly field: string,
    message: string,
  ) {
    super(`${field}: ${message}`);
  }
}

type Check = (value: unknown) => string | undefined;

const numberFrom =
  (low: number, below = Infinity, whole = false): Check =>
  (value) =>
    typeof value === 'number' && value >= low && value < below && (!whole || Number.isInteger(value))
      ? undefined
      : `must be a ${whole ? 'whole ' : ''}number of at least ${low}${below < Infinity ? ` and below ${below}` : ''}`;

const signals: readonly ModelSignal[] = ['backlog', 'waiting', 'inFlight', 'arrivalRate', 'servedRate'];

const oneOf =
  (words: readonly string[]): Check =>
  (value) =>
    words.some((word) => word === value) ? undefined : `must be one of ${words.join(', ')}`;

const checks: Readonly<Record<keyof WorkloadModel, Check>> = {
  serviceSeconds: (value) => (value === 0 ? 'must be above 0' : numberFrom(0)(value)),
  concurrency: numberFrom(1, Infinity, true),
  concurrencyOf: oneOf(['pod', 'partition']),
  startUpSeconds: numberFrom(0),
  readinessSeconds: numberFrom(0),
  partitions: numberFrom(1, Infinity, true),
  redeliverySeconds: numberFrom(0),
  failureRate: numberFrom(0, 1),
  cpuMilliPerItem: numberFrom(0),
  signal: oneOf(signals),
  signalScale: numberFrom(0),
  initialBacklog: numberFrom(0, Infinity, true),
};

const isField = (name: string): name is keyof WorkloadModel => Object.hasOwn(checks, name);

/** A whole model out of some fields of it. @throws ModelError naming the field, the nearest right one and what is allowed */
export function readModel(value: unknown): WorkloadModel {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ModelError('model', `must be a map, got ${describe(value)}`);
  const given: Partial<Record<keyof WorkloadModel, unknown>> = {};
  for (const [name, field] of Object.entries(value)) {
    if (!isField(name)) {
      const close = nearest(name, Object.keys(checks));
      throw new ModelError(
        name,
        `unknown field; ${close === undefined ? `known: ${Object.keys(checks).join(', ')}` : `did you mean "${close}"?`}`,
      );
    }
    const complaint = checks[name](field);
    if (complaint !== undefined) throw new ModelError(name, `${complaint}, got ${describe(field)}`);
    given[name] = field;
  }
  return { ...defaultModel, ...(given as Partial<WorkloadModel>) };
}
