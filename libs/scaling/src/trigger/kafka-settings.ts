import { GoTextError, parseBool, parseInt64, quote } from '../go/text';
import { checkKafkaAuth } from './kafka-auth';
import { TriggerError } from './trigger-error';
import { type TriggerContext } from './trigger';

export interface KafkaSettings {
  readonly bootstrapServers: readonly string[];
  readonly group: string;
  /** Empty: all topics the group has offsets for. */
  readonly topic: string;
  /** Only these partitions count; null: all. Ignored without a topic. */
  readonly partitions: readonly number[] | null;
  readonly lagThreshold: bigint;
  readonly activationLagThreshold: bigint;
  readonly offsetResetPolicy: 'latest' | 'earliest';
  readonly allowIdleConsumers: boolean;
  readonly excludePersistentLag: boolean;
  readonly scaleToZeroOnInvalidOffset: boolean;
  readonly limitToPartitionsWithLag: boolean;
  readonly ensureEvenDistributionOfPartitions: boolean;
}

type Metadata = Readonly<Record<string, string>>;

const refuse = (message: string, cause?: unknown): TriggerError =>
  new TriggerError('BadMetadata', `error parsing kafka metadata: ${message}`, { cause });

/** Reads kafka metadata; the first complaint ends it. Throws TriggerError. */
export function readKafkaSettings(metadata: Metadata, context: TriggerContext): KafkaSettings {
  const fromEnv = (name: string): string | undefined => {
    if (metadata[`${name}FromEnv`]) return context.env?.[metadata[`${name}FromEnv`] ?? ''] ?? '';
    return metadata[name] || undefined;
  };
  const bootstrapServers = fromEnv('bootstrapServers');
  if (bootstrapServers === undefined) throw refuse('no bootstrapServers given');
  const group = fromEnv('consumerGroup');
  if (group === undefined) throw refuse('no consumer group given');
  const topic = fromEnv('topic') ?? '';
  const partitions = topic === '' ? null : readPartitions(metadata.partitionLimitation ?? '');
  const policy = metadata.offsetResetPolicy || 'latest';
  if (policy !== 'latest' && policy !== 'earliest') {
    throw refuse(`err offsetResetPolicy policy ${quote(policy)} given`);
  }
  const lagThreshold = readThreshold(metadata, 'lagThreshold', 10n, 1n);
  const activationLagThreshold = readThreshold(metadata, 'activationLagThreshold', 0n, 0n);
  const authComplaint = checkKafkaAuth(metadata, context);
  if (authComplaint) throw refuse(authComplaint);
  const allowIdleConsumers = readFlag(metadata, 'allowIdleConsumers');
  const excludePersistentLag = readFlag(metadata, 'excludePersistentLag');
  const scaleToZeroOnInvalidOffset = readFlag(metadata, 'scaleToZeroOnInvalidOffset');
  const limitToPartitionsWithLag = readFlag(metadata, 'limitToPartitionsWithLag');
  if (limitToPartitionsWithLag && allowIdleConsumers) {
    throw refuse('allowIdleConsumers and limitToPartitionsWithLag cannot be set simultaneously');
  }
  if (limitToPartitionsWithLag && !topic) {
    throw refuse('topic must be specified when using limitToPartitionsWithLag');
  }
  const ensureEvenDistributionOfPartitions = readFlag(metadata, 'ensureEvenDistributionOfPartitions');
  if (ensureEvenDistributionOfPartitions && limitToPartitionsWithLag) {
    throw refuse(
      'limitToPartitionsWithLag and ensureEvenDistributionOfPartitions cannot be set simultaneously',
    );
  }
  if (ensureEvenDistributionOfPartitions && !topic) {
    throw refuse('topic must be specified when using ensureEvenDistributionOfPartitions');
  }
  checkVersion(metadata);
  return {
    bootstrapServers: bootstrapServers.split(','),
    group,
    topic,
    partitions,
    lagThreshold,
    activationLagThreshold,
    offsetResetPolicy: policy,
    allowIdleConsumers,
    excludePersistentLag,
    scaleToZeroOnInvalidOffset,
    limitToPartitionsWithLag,
    ensureEvenDistributionOfPartitions,
  };
}

function readThreshold(metadata: Metadata, name: string, fallback: bigint, least: bigint): bigint {
  const text = metadata[name];
  if (text === undefined) return fallback;
  const value = translate(() => parseInt64(text), `error parsing ${quote(name)}`);
  if (value < least) throw refuse(`${quote(name)} must be positive number`);
  return value;
}

function readFlag(metadata: Metadata, name: string): boolean {
  const text = metadata[name];
  return text !== undefined && translate(() => parseBool(text), `error parsing ${name}`);
}

function translate<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof GoTextError) throw refuse(`${what}: ${error.message}`, error);
    throw error;
  }
}

/** "1,2,5-7"; blank means all. */
function readPartitions(text: string): readonly number[] | null {
  if (text.trim() === '') return null;
  const where = `error parsing in partitionLimitation '${text}'`;
  return text.split(',').flatMap((term) => {
    const [from = '', to, ...more] = term.split('-');
    if (more.length > 0) throw refuse(`${where}: error in range syntax, got '${term}'`);
    if (to === undefined) return [Number(translate(() => parseInt64(from, 32), `${where}: parse error`))];
    const first = Number(
      translate(() => parseInt64(from, 32), `${where}: error in range: parse error for '${from}'`),
    );
    const last = Number(
      translate(() => parseInt64(to, 32), `${where}: error in range: parse error for '${to}'`),
    );
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
  });
}

/** Versions of the broker protocol: 0.x.y.z or 1.x.y and later. */
function checkVersion(metadata: Metadata): void {
  const text = metadata.version?.trim();
  if (text === undefined) return;
  const valid = /^0\.\d+\.\d+\.\d+$/.test(text) || /^[1-9]\d*\.\d+\.\d+$/.test(text);
  if (!valid) throw refuse(`error parsing kafka version: invalid version \`${text}\``);
}
