import type { Autoscaler, Check, Trigger } from './subject';

const triggerPath = ({ index }: Trigger, key: string) =>
  ['spec', 'triggers', index, 'metadata', key] as const;

/** Whether a query reads what only the workload's own pods say. */
function readsOwn({ targetRef }: Autoscaler, query: string): boolean {
  const name = targetRef.name ?? '';
  if (name === '') return false;
  const snake = name.replaceAll('-', '_').replaceAll(/[^\w]/g, '');
  return (
    new RegExp(`\\b${snake}_\\w+`).test(query) ||
    new RegExp(
      `(?:service|app|deployment|job|container|pod)\\s*=~?\\s*"${name.replaceAll(/[^\w-]/g, '.')}[^"]*"`,
    ).test(query)
  );
}

export const ownCounterFromZero: Check = {
  code: 'own-counter-from-zero',
  level: 'error',
  title: 'min 0 with a query on what the workload itself counts',
  why: 'at zero replicas nobody serves and nobody counts, so the query stays 0 and KEDA never activates the target again',
  *find(autoscaler) {
    if (autoscaler.kind !== 'ScaledObject' || autoscaler.min > 0) return;
    const others = autoscaler.triggers.filter(
      ({ type, metadata }) => type !== 'prometheus' || !readsOwn(autoscaler, metadata.query ?? ''),
    );
    if (others.some(({ type }) => !['cpu', 'memory'].includes(type))) return;
    for (const trigger of autoscaler.triggers)
      if (trigger.type === 'prometheus' && readsOwn(autoscaler, trigger.metadata.query ?? ''))
        yield {
          path: triggerPath(trigger, 'query'),
          message: `the query reads metrics of ${autoscaler.targetRef.name}, which has none at 0 replicas`,
          fix: 'set minReplicaCount to 1, or ask something that exists without pods: an ingress, a queue, the HTTP add-on',
        };
  },
};

export const rawCounter: Check = {
  code: 'raw-counter',
  level: 'error',
  title: 'a query on a counter without rate() or increase()',
  why: 'a counter only grows: replicas go up and never come down',
  *find({ triggers }) {
    for (const trigger of triggers) {
      const { query = '' } = trigger.metadata;
      if (
        trigger.type === 'prometheus' &&
        /\w_total\b/.test(query) &&
        !/\b(rate|irate|increase|delta|deriv)\s*\(/.test(query)
      )
        yield {
          path: triggerPath(trigger, 'query'),
          message: 'the query is a counter itself',
          fix: 'wrap it: sum(rate(..._total[2m])) or sum(increase(..._total[1m]))',
        };
    }
  },
};

export const emptyResultHidesOutage: Check = {
  code: 'empty-result-hides-outage',
  level: 'warning',
  title: 'an empty Prometheus result counts as 0, and there is no fallback',
  why: 'ignoreNullValues is true by default: when the exporter or the scrape is down, the result is empty, 0 is taken for true, and replicas go to the minimum under load',
  *find({ triggers, spec }) {
    if (spec.fallback !== undefined) return;
    for (const trigger of triggers)
      if (trigger.type === 'prometheus' && trigger.metadata.ignoreNullValues !== 'false')
        yield {
          path: triggerPath(trigger, 'query'),
          message: 'an outage of the source looks like no load',
          fix: 'set ignoreNullValues: "false" and a fallback {failureThreshold, replicas}, or make the query end in "or vector(0)" where empty really means 0',
        };
  },
};

const activation: Readonly<Record<string, readonly [target: string, activation: string, fallback?: number]>> =
  {
    'aws-sqs-queue': ['queueLength', 'activationQueueLength', 5],
    kafka: ['lagThreshold', 'activationLagThreshold', 10],
    prometheus: ['threshold', 'activationThreshold'],
    'metrics-api': ['targetValue', 'activationTargetValue'],
    'kubernetes-workload': ['value', 'activationValue'],
  };

export const activationAboveThreshold: Check = {
  code: 'activation-above-threshold',
  level: 'error',
  title: 'activation above the threshold',
  why: 'activation is compared first: up to that value the target stays at (or goes back to) zero, however many replicas the threshold would give',
  *find({ triggers, min }) {
    if (min > 0) return;
    for (const trigger of triggers) {
      const [targetKey = '', key = '', fallback] = activation[trigger.type] ?? [];
      const limit = Number(trigger.metadata[key]);
      const target = Number(trigger.metadata[targetKey] ?? fallback);
      if (limit > target)
        yield {
          path: triggerPath(trigger, key),
          message: `${key} ${limit} is above ${targetKey} ${target}: a value of ${limit} would be ${Math.ceil(limit / target)} replicas, and is none`,
          fix: `lower ${key} to at most ${target}, 0 activates on the first item`,
        };
    }
  },
};
