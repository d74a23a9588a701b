import {
  kedaLoop,
  type KedaInput,
  type KedaLoopState,
  type ScaledObject,
  type TriggerAnswer,
} from '../src/index';
import { type BenchRow } from './hpa.bench';

const rounds = 15;
const ticks = 2_000;
const start = Date.UTC(2026, 5, 1);

const sqs = {
  type: 'aws-sqs-queue',
  metadata: { queueURL: 'orders', awsRegion: 'eu-central-1', identityOwner: 'operator' },
};
const office = {
  type: 'cron',
  metadata: { timezone: 'Europe/Berlin', start: '0 8 * * 1-5', end: '0 18 * * 1-5', desiredReplicas: '5' },
};
const queueOf = (messages: number): TriggerAnswer => ({
  kind: 'observed',
  observation: {
    kind: 'sqs',
    attributes: {
      ApproximateNumberOfMessages: String(messages),
      ApproximateNumberOfMessagesNotVisible: '3',
      ApproximateNumberOfMessagesDelayed: '0',
    },
  },
});
const clock: TriggerAnswer = { kind: 'observed', observation: { kind: 'clock' } };

/** Messages of the queue at a tick: a wave of some minutes with a lull in which the cooldown runs. */
const messagesAt = (tick: number): number => Math.max(0, Math.round(60 * Math.sin(tick / 20)));

const objectWith = (triggers: ScaledObject['spec']['triggers']): ScaledObject => ({
  metadata: { name: 'web', namespace: 'shop', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { scaleTargetRef: { name: 'web' }, pollingInterval: 15, triggers },
});

interface Scenario {
  readonly name: string;
  readonly triggers: ScaledObject['spec']['triggers'];
  readonly answers: (tick: number) => readonly TriggerAnswer[];
  readonly metric?: string;
}

const scenarios: readonly Scenario[] = [
  { name: 'poll of a queue', triggers: [sqs], answers: (tick) => [queueOf(messagesAt(tick))] },
  {
    name: 'poll of a queue and office hours',
    triggers: [sqs, office],
    answers: (tick) => [queueOf(messagesAt(tick)), clock],
  },
  {
    name: "the HPA's request of a queue's metric",
    triggers: [sqs],
    answers: (tick) => [queueOf(messagesAt(tick))],
    metric: 's0-aws-sqs-orders',
  },
];

/** One object's life over all ticks; the replicas follow the loop's own setScale. */
function live({ triggers, answers, metric }: Scenario): void {
  const object = objectWith(triggers);
  const workload = { exists: true, replicas: 1, readyPods: 1 };
  let state: KedaLoopState = kedaLoop.init(object);
  let { replicas } = workload;
  const take = (now: number, input: KedaInput): void => {
    const step = kedaLoop.step(state, now, input);
    state = step.state;
    for (const effect of step.effects) if (effect.kind === 'setScale') ({ replicas } = effect);
  };
  take(start, { kind: 'reconcile', object, workload, hpa: null });
  for (let tick = 0; tick < ticks; tick += 1) {
    const facts = { object, workload: { ...workload, replicas }, answers: answers(tick) };
    take(start + tick * 15_000, metric ? { kind: 'request', metric, ...facts } : { kind: 'poll', ...facts });
  }
}

/** Times whole steps (decision, status, events, trace). `clock`: milliseconds with a fraction. */
export function benchKeda(clock: () => number): readonly BenchRow[] {
  return scenarios.map((scenario) => {
    const times = Array.from({ length: rounds }, () => {
      const from = clock();
      live(scenario);
      return ((clock() - from) * 1000) / ticks;
    }).toSorted((a, b) => a - b);
    const rounded = (index: number) => Number((times[index] ?? 0).toFixed(1));
    return {
      name: scenario.name,
      decisions: rounds * ticks,
      medianMicroseconds: rounded(Math.floor(rounds / 2)),
      bestMicroseconds: rounded(0),
    };
  });
}
