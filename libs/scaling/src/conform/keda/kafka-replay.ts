import { type KafkaObservation, type PartitionOffset } from '../../trigger/observation';
import { evaluateTrigger, parseTrigger } from '../../trigger/registry';
import { type KedaCase } from './case';
import { errorDifference, firstDifference, type KedaDifference } from './compare';
import { type TriggerExpectation } from './trigger-replay';

type Offsets = Readonly<Record<string, readonly number[]>>;
interface KafkaInput {
  readonly metadata: Readonly<Record<string, string>>;
  readonly metricType?: string;
  readonly metric?: TriggerExpectation['metric'];
}
interface KafkaTick extends TriggerExpectation {
  readonly latest?: Offsets;
  readonly committed?: Offsets;
  readonly committedError?: string | number;
  readonly partitionError?: string | number;
  readonly topicError?: string | number;
}

/** A case of the family kafka: several queries of one scaler. */
export function replayKafkaCase(recorded: KedaCase): KedaDifference | undefined {
  const input = recorded.input as KafkaInput;
  const expect = recorded.expect as TriggerExpectation | undefined;
  const metadata = { bootstrapServers: 'BROKER', ...input.metadata };
  const parsed = parseTrigger(
    { type: 'kafka', metadata, ...(input.metricType ? { metricType: input.metricType } : {}) },
    {},
  );
  if (!parsed.ok) return errorDifference('expect.rejected', expect?.rejected, parsed.message);
  if (expect?.rejected !== undefined) return errorDifference('expect.rejected', expect.rejected, undefined);
  const metric = firstDifference('input.metric', input.metric, parsed.metricSpecs[0]);
  if (metric) return metric;
  let state = parsed.initialState;
  for (const [i, tick] of (recorded.ticks as readonly KafkaTick[]).entries()) {
    const result = evaluateTrigger(parsed, state, observationOf(tick), 0);
    // The recorded scaler lives on after an error, so its memory does as well.
    if (result.ok) state = result.state;
    const difference = result.ok
      ? (errorDifference(`ticks[${i}].error`, tick.error, undefined) ??
        firstDifference(`ticks[${i}].valueMilli`, tick.valueMilli, String(result.metrics[0]?.valueMilli)) ??
        firstDifference(`ticks[${i}].isActive`, tick.isActive, result.isActive))
      : errorDifference(`ticks[${i}].error`, tick.error, result.message);
    if (difference) return difference;
  }
  return undefined;
}

const serverError = (error: string | number): string => `kafka server: ${error}`;

/** `partitionError` stands in the answer whose error text was recorded: the committed offset's, or the latest one's. */
function observationOf(tick: KafkaTick): KafkaObservation {
  const partitionError =
    tick.partitionError === undefined ? undefined : { error: serverError(tick.partitionError) };
  const ofCommitted = partitionError && /offset block/.test(tick.error ?? '');
  const map = (offsets: Offsets | undefined, to: (offset: number) => PartitionOffset) =>
    Object.fromEntries(Object.entries(offsets ?? {}).map(([topic, list]) => [topic, list.map(to)]));
  return {
    kind: 'kafka',
    latest: map(tick.latest, (offset) => (partitionError && !ofCommitted ? partitionError : offset)),
    committed: map(tick.committed, (offset) =>
      partitionError && ofCommitted ? partitionError : offset === -2 ? null : offset,
    ),
    ...(tick.committedError === undefined ? {} : { committedError: serverError(tick.committedError) }),
    ...(tick.topicError === undefined ? {} : { topicError: serverError(tick.topicError) }),
  };
}
