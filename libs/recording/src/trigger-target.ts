/** What a trigger's metadata say that a reader of a plot needs. */
export interface TriggerFacts {
  readonly trigger: string;
  readonly target: number | null;
  readonly activation: number | null;
  readonly unit: string;
}

type Fields = Readonly<Record<string, unknown>>;

interface TriggerShape {
  /** Metadata key of the target, and its default. */
  readonly target: readonly [key: string, fallback?: number];
  readonly activation?: string;
  readonly unit: string;
}

const shapes: Readonly<Record<string, TriggerShape>> = {
  'aws-sqs-queue': { target: ['queueLength', 5], activation: 'activationQueueLength', unit: 'messages' },
  kafka: { target: ['lagThreshold', 10], activation: 'activationLagThreshold', unit: 'messages' },
  'apache-kafka': { target: ['lagThreshold', 10], activation: 'activationLagThreshold', unit: 'messages' },
  prometheus: { target: ['threshold'], activation: 'activationThreshold', unit: '' },
  'metrics-api': { target: ['targetValue'], activation: 'activationTargetValue', unit: '' },
  'kubernetes-workload': { target: ['value'], activation: 'activationValue', unit: 'pods' },
  cpu: { target: ['value'], unit: '%' },
  memory: { target: ['value'], unit: '%' },
};

function number(value: unknown, fallback?: number): number | null {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  return Number.isFinite(parsed) ? parsed : (fallback ?? null);
}

/** @param scalingMetric of the InterceptorRoute that an external-push trigger names */
export function targetOf(trigger: string, metadata: Fields, scalingMetric: Fields): TriggerFacts {
  if (trigger === 'external-push') {
    for (const [key, unit] of [
      ['requestRate', 'requests/s'],
      ['concurrency', 'requests'],
    ] as const) {
      const metric = scalingMetric[key];
      const value: unknown =
        typeof metric === 'object' && metric !== null ? Reflect.get(metric, 'targetValue') : undefined;
      if (typeof value === 'number') return { trigger, target: value, activation: 0, unit };
    }
  }
  // Its value is the wanted count itself.
  if (trigger === 'cron') return { trigger, target: 1, activation: null, unit: 'replicas' };
  const shape = shapes[trigger];
  if (!shape) return { trigger, target: null, activation: null, unit: '' };
  const [key, fallback] = shape.target;
  return {
    trigger,
    target: number(metadata[key], fallback),
    activation: shape.activation ? number(metadata[shape.activation], 0) : null,
    unit: shape.unit,
  };
}
