import { badAnswer, observed } from './answer';
import { type KafkaSettings, readKafkaSettings } from './kafka-settings';
import { toMilli } from './milli';
import { type KafkaObservation, type PartitionOffset } from './observation';
import { externalMetricType, externalSpec, normalizeName, wholeTarget } from './target';
import { type TriggerMaths } from './trigger';

/** Committed offsets seen at the query before, by topic and partition; only kept with excludePersistentLag. */
export type KafkaMemory = Readonly<Record<string, Readonly<Record<number, number>>>>;

/** kafka: the lag of a consumer group, cut to what its partitions can use. */
export const kafka: TriggerMaths<KafkaSettings> = {
  parse(metadata, context) {
    const type = externalMetricType(context);
    const settings = readKafkaSettings(metadata, context);
    const name = settings.topic ? `kafka-${settings.topic}` : `kafka-${settings.group}-topics`;
    return {
      settings,
      metricSpecs: [externalSpec(context, normalizeName(name), type, wholeTarget(settings.lagThreshold))],
      initialState: {},
    };
  },

  evaluate(settings, state, observation) {
    const answer = observed(observation, 'kafka');
    const topics = activePartitions(settings, answer);
    if (answer.committedError)
      throw badAnswer(`error listing consumer group offsets: ${answer.committedError}`);
    checkLatest(answer, topics);
    const memory = copyMemory(state as KafkaMemory);
    let lag = 0;
    let lagWithPersistent = 0;
    let partitions = 0;
    let partitionsWithLag = 0;
    for (const [topic, active] of topics) {
      for (const partition of active) {
        const part = partitionLag(settings, answer, topic, partition, memory);
        if (part === undefined) continue;
        lag += part.lag;
        lagWithPersistent += part.withPersistent;
        partitions++;
        if (part.lag > 0) partitionsWithLag++;
      }
    }
    const total = capLag(settings, lag, partitions, partitionsWithLag);
    return {
      valueMilli: [toMilli(total)],
      isActive: lagWithPersistent > settings.activationLagThreshold,
      activationMilli: wholeTarget(settings.activationLagThreshold),
      state: memory,
      how:
        `lag ${lag} over ${partitions} partition${partitions === 1 ? '' : 's'}` +
        (total === lag ? '' : `, counted as ${total}`) +
        (lagWithPersistent === lag ? '' : ` (${lagWithPersistent - lag} more does not move)`),
    };
  },
};

const copyMemory = (memory: KafkaMemory): Record<string, Record<number, number>> =>
  Object.fromEntries(Object.entries(memory).map(([topic, offsets]) => [topic, { ...offsets }]));

function activePartitions(settings: KafkaSettings, answer: KafkaObservation): Map<string, readonly number[]> {
  if (!settings.topic && answer.committedError)
    throw badAnswer(`error listing cg offset: ${answer.committedError}`);
  if (answer.topicError) throw badAnswer(`error describing topics: ${answer.topicError}`);
  const topics = settings.topic ? [settings.topic] : Object.keys(answer.committed);
  return new Map(
    topics.map((topic) => {
      const count = Math.max(answer.latest[topic]?.length ?? 0, answer.committed[topic]?.length ?? 0);
      const active = Array.from({ length: count }, (_, id) => id).filter(
        (id) => settings.partitions === null || settings.partitions.includes(id),
      );
      if (active.length === 0) {
        throw badAnswer(`expected at least one active partition within the topic '${topic}'`);
      }
      return [topic, active];
    }),
  );
}

function checkLatest(answer: KafkaObservation, topics: Map<string, readonly number[]>): void {
  for (const [topic, active] of topics) {
    for (const partition of active) {
      const latest = answer.latest[topic]?.[partition] ?? null;
      if (latest !== null && typeof latest !== 'number') throw badAnswer(latest.error);
    }
  }
}

interface PartitionLag {
  readonly lag: number;
  /** With lag that excludePersistentLag takes out; it still counts for activation. */
  readonly withPersistent: number;
}

const both = (lag: number): PartitionLag => ({ lag, withPersistent: lag });

/** Undefined: the latest offset was not answered, the partition does not count. `memory` is changed. */
function partitionLag(
  settings: KafkaSettings,
  answer: KafkaObservation,
  topic: string,
  partition: number,
  memory: Record<string, Record<number, number>>,
): PartitionLag | undefined {
  const latest = answer.latest[topic]?.[partition] ?? null;
  if (typeof latest !== 'number') return undefined;
  const committed = committedOffset(answer.committed[topic]?.[partition] ?? null, answer, topic, partition);
  if (committed === -1) {
    if (settings.scaleToZeroOnInvalidOffset) return both(0);
    return both(settings.offsetResetPolicy === 'latest' ? 1 : latest);
  }
  const lag = latest - committed;
  if (!settings.excludePersistentLag) return both(lag);
  const previous = memory[topic]?.[partition];
  if (previous === committed) return { lag: 0, withPersistent: lag };
  (memory[topic] ??= {})[partition] = committed;
  return both(lag);
}

function committedOffset(
  offset: PartitionOffset,
  answer: KafkaObservation,
  topic: string,
  partition: number,
): number {
  const where = `error finding offset block for topic ${topic} and partition ${partition}`;
  if (offset === null) {
    const known = Object.entries(answer.committed).map(
      ([name, offsets]) =>
        `${name}:[${offsets.map((o) => (o === null ? '-' : JSON.stringify(o))).join(' ')}]`,
    );
    throw badAnswer(`${where} from offset block: map[${known.join(' ')}]`);
  }
  if (typeof offset === 'number') return offset;
  throw badAnswer(`${where}: ${offset.error}`);
}

/** Cuts the lag to the consumers that could share it. The division is whole, so up to threshold - 1 more gets through. */
function capLag(settings: KafkaSettings, lag: number, partitions: number, partitionsWithLag: number): number {
  const { allowIdleConsumers, limitToPartitionsWithLag, ensureEvenDistributionOfPartitions } = settings;
  if (allowIdleConsumers && !limitToPartitionsWithLag && !ensureEvenDistributionOfPartitions) return lag;
  const threshold = Number(settings.lagThreshold);
  const wanted = ensureEvenDistributionOfPartitions
    ? evenConsumers(lag, partitions, threshold) * threshold
    : lag;
  const most = limitToPartitionsWithLag ? partitionsWithLag : partitions;
  return Math.trunc(wanted / threshold) > most ? most * threshold : wanted;
}

/** The smallest count that divides the partitions evenly and carries the lag; all of them when none does. */
function evenConsumers(lag: number, partitions: number, threshold: number): number {
  for (let factor = 1; factor < partitions; factor++) {
    if (partitions % factor === 0 && factor * threshold >= lag) return factor;
  }
  return partitions;
}
