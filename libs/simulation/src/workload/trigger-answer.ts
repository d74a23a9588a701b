import { parseSelector } from '@scalelab/manifests';
import {
  trigger as triggers,
  type TriggerAnswer,
  type TriggerContext,
  type TriggerManifest,
} from '@scalelab/scaling';
import type { Reading } from './source';

const unreachable: TriggerAnswer = {
  kind: 'observed',
  observation: { kind: 'unreachable', message: 'the source does not answer' },
};
const mostKept = 64;
const clock: TriggerAnswer = { kind: 'observed', observation: { kind: 'clock' } };

/** How one trigger of a manifest answers, given what its source holds. The same reading gives the same object. */
export class TriggerAnswers {
  private readonly given = new Map<string | number, TriggerAnswer>();
  private readonly metric: string;

  constructor(
    private readonly trigger: TriggerManifest,
    context: TriggerContext | undefined,
    private readonly partitions: number,
  ) {
    const parsed = triggers.parse(trigger, context);
    this.metric = parsed.ok ? (parsed.metricSpecs[0]?.external?.metric.name ?? '') : '';
  }

  /** Needs no source: cron, cpu, memory. */
  get free(): boolean {
    return ['cron', 'cpu', 'memory'].includes(this.trigger.type);
  }

  answer(reading: Reading): TriggerAnswer {
    if (this.free) return clock;
    if (reading.value === null) return unreachable;
    const key = this.keyOf(reading, reading.value);
    const known = this.given.get(key);
    if (known) return known;
    const answer = this.make(reading, reading.value);
    if (this.given.size >= mostKept) this.given.clear();
    this.given.set(key, answer);
    return answer;
  }

  /** All that an answer of this trigger depends on. */
  private keyOf({ waiting, inFlight, done }: Reading, value: number): string | number {
    switch (this.trigger.type) {
      case 'aws-sqs-queue':
        return inFlight === 0 ? waiting : `${waiting} ${inFlight}`;
      case 'kafka':
        return `${waiting + inFlight} ${done}`;
      case 'external-push':
        return `${waiting + inFlight} ${value}`;
      default:
        return value;
    }
  }

  private make({ waiting, inFlight, done }: Reading, value: number): TriggerAnswer {
    const metadata = this.trigger.metadata ?? {};
    switch (this.trigger.type) {
      case 'aws-sqs-queue':
        return {
          kind: 'observed',
          observation: {
            kind: 'sqs',
            attributes: {
              ApproximateNumberOfMessages: String(waiting),
              ApproximateNumberOfMessagesNotVisible: String(inFlight),
              ApproximateNumberOfMessagesDelayed: '0',
            },
          },
        };
      case 'kafka':
        return this.offsets(metadata.topic ?? 'topic', waiting + inFlight, done);
      case 'prometheus': {
        const body = `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[0,"${value}"]}]}}`;
        return { kind: 'observed', observation: { kind: 'http', status: 200, body } };
      }
      case 'external-push':
        return {
          kind: 'observed',
          observation: { kind: 'interceptor', concurrency: waiting + inFlight, requestRate: value },
        };
      case 'kubernetes-workload': {
        const labels = labelsFor(metadata.podSelector ?? '');
        const pods = Array.from({ length: Math.round(value) }, () => ({ labels, phase: 'Running' }));
        return { kind: 'observed', observation: { kind: 'pods', pods } };
      }
      default:
        // metrics-api: where in the answer its value stands is the server's business.
        return {
          kind: 'value',
          metrics: [{ name: this.metric, valueMilli: Math.trunc(value * 1_000) }],
          isActive: value > Number(metadata.activationTargetValue ?? 0),
          how: `${metadata.valueLocation ?? 'value'} is ${value}`,
        };
    }
  }

  /** The lag spread evenly over the partitions. */
  private offsets(topic: string, lag: number, done: number): TriggerAnswer {
    const { partitions } = this;
    const committed = Array.from({ length: partitions }, () => 1 + Math.floor(done / partitions));
    const latest = committed.map(
      (offset, i) => offset + Math.floor(lag / partitions) + (i < lag % partitions ? 1 : 0),
    );
    return {
      kind: 'observed',
      observation: { kind: 'kafka', latest: { [topic]: latest }, committed: { [topic]: committed } },
    };
  }
}

/** Labels that the selector takes. */
function labelsFor(selector: string): Record<string, string> {
  return Object.fromEntries(
    parseSelector(selector).flatMap(({ key, operator, values }) =>
      operator === 'In' ? [[key, values?.[0] ?? '']] : operator === 'Exists' ? [[key, 'any']] : [],
    ),
  );
}
