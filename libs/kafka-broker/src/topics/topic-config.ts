import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import type { LogLimits } from '../storage/partition-log';

/** Config types of the protocol (DescribeConfigs). */
export const ConfigType = { string: 2, int: 3, long: 5, list: 7 } as const;

export interface ConfigDefinition {
  readonly name: string;
  readonly type: (typeof ConfigType)[keyof typeof ConfigType];
  /** The value when a topic sets none. */
  readonly fallback: (defaults: LogLimits) => string;
  /** What is allowed, for the error; undefined when `value` is allowed. */
  readonly refusal: (value: string) => string | undefined;
}

/** The topic settings that the broker serves. Each has Kafka's name and meaning. */
export const topicConfigs: readonly ConfigDefinition[] = [
  {
    name: 'retention.bytes',
    type: ConfigType.long,
    fallback: (defaults) => String(defaults.retentionBytes),
    refusal: wholeNumber(-1),
  },
  {
    name: 'retention.ms',
    type: ConfigType.long,
    fallback: (defaults) => String(defaults.retentionMs),
    refusal: wholeNumber(-1),
  },
  {
    name: 'segment.bytes',
    type: ConfigType.int,
    fallback: (defaults) => String(defaults.segmentBytes),
    refusal: wholeNumber(1_024, 2_147_483_647),
  },
  {
    name: 'max.message.bytes',
    type: ConfigType.int,
    fallback: (defaults) => String(defaults.maxMessageBytes),
    refusal: wholeNumber(0, 2_147_483_647),
  },
  fixed('cleanup.policy', ConfigType.list, 'delete'),
  fixed('compression.type', ConfigType.string, 'producer'),
  fixed('message.timestamp.type', ConfigType.string, 'CreateTime'),
  fixed('min.insync.replicas', ConfigType.int, '1'),
];

/**
 * Checks one setting.
 * @throws ProtocolError `INVALID_CONFIG` naming the setting, the value and what is allowed.
 */
export function checkTopicConfig(name: string, value: string | null): string {
  const definition = topicConfigs.find((candidate) => candidate.name === name);
  if (!definition) {
    const known = topicConfigs.map((candidate) => candidate.name).join(', ');
    throw new ProtocolError(ErrorCode.INVALID_CONFIG, `unknown topic setting ${name}; served are ${known}`);
  }
  const refusal = value === null ? 'a value' : definition.refusal(value);
  if (value === null || refusal !== undefined) {
    throw new ProtocolError(ErrorCode.INVALID_CONFIG, `${name} is ${value}, allowed is ${refusal}`);
  }
  return value;
}

/** The limits of a topic's logs: its own settings over the broker's. */
export function limitsOf(configs: ReadonlyMap<string, string>, defaults: LogLimits): LogLimits {
  const number = (name: string, fallback: number) => Number(configs.get(name) ?? fallback);
  const retentionBytes = number('retention.bytes', defaults.retentionBytes);
  const quarter = retentionBytes >= 0 ? Math.max(1_024, Math.floor(retentionBytes / 4)) : Infinity;
  return {
    retentionBytes,
    retentionMs: number('retention.ms', defaults.retentionMs),
    segmentBytes: number('segment.bytes', Math.min(defaults.segmentBytes, quarter)),
    maxMessageBytes: number('max.message.bytes', defaults.maxMessageBytes),
  };
}

function wholeNumber(low: number, high = Number.MAX_SAFE_INTEGER): (value: string) => string | undefined {
  return (value) =>
    /^-?\d+$/.test(value) && Number(value) >= low && Number(value) <= high
      ? undefined
      : `a whole number from ${low} to ${high}`;
}

/** A setting that clients send with its usual value; another value has no effect here and is refused. */
function fixed(name: string, type: ConfigDefinition['type'], only: string): ConfigDefinition {
  return {
    name,
    type,
    fallback: () => only,
    refusal: (value) => (value === only ? undefined : `only ${only}`),
  };
}
