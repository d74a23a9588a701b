import { BrokerError } from './broker-error';
import { systemClock } from './clock';
import { silentLogger } from './logger';
import type { BrokerOptions } from './options';

const mebibyte = 1_048_576;

/** Whole-number options: the default, and the least and greatest value allowed. */
const numbers = {
  port: [0, 0, 65_535],
  retentionBytes: [128 * mebibyte, -1, Number.MAX_SAFE_INTEGER],
  maxLogBytes: [512 * mebibyte, mebibyte, Number.MAX_SAFE_INTEGER],
  segmentBytes: [4 * mebibyte, 1_024, 1_024 * mebibyte],
  maxMessageBytes: [1_048_588, 1_024, 1_024 * mebibyte],
  maxRequestBytes: [104_857_600, 1_024, 2_147_483_647],
  maxConnections: [2_000, 1, 100_000],
  defaultPartitions: [1, 1, 10_000],
  groupMinSessionTimeoutMs: [1_000, 1, 3_600_000],
  groupMaxSessionTimeoutMs: [1_800_000, 1, 86_400_000],
  groupInitialRebalanceDelayMs: [0, 0, 3_600_000],
} as const satisfies Record<string, readonly [fallback: number, least: number, greatest: number]>;

type NumberOption = keyof typeof numbers;

export type ResolvedOptions = Readonly<Record<NumberOption, number>> &
  Required<Pick<BrokerOptions, 'host' | 'autoCreateTopics' | 'topics' | 'logger' | 'clock'>> & {
    readonly advertisedHost: string | undefined;
    readonly advertisedPort: number | undefined;
    readonly dataDir: string | undefined;
  };

/** @throws BrokerError `BadOption` naming every option that is not allowed. */
export function resolveOptions(options: BrokerOptions): ResolvedOptions {
  const problems: string[] = [];
  const values = {} as Record<NumberOption, number>;
  for (const [name, [fallback, least, greatest]] of Object.entries(numbers)) {
    const value = options[name as NumberOption] ?? fallback;
    values[name as NumberOption] = value;
    if (!Number.isInteger(value) || value < least || value > greatest) {
      problems.push(`${name} is ${value}, allowed is a whole number from ${least} to ${greatest}`);
    }
  }
  if (values.groupMinSessionTimeoutMs > values.groupMaxSessionTimeoutMs) {
    problems.push('groupMinSessionTimeoutMs is above groupMaxSessionTimeoutMs');
  }
  if (problems.length > 0) throw new BrokerError('BadOption', problems.join('; '));
  return {
    ...values,
    host: options.host ?? '127.0.0.1',
    advertisedHost: options.advertisedHost,
    advertisedPort: options.advertisedPort,
    dataDir: options.dataDir,
    autoCreateTopics: options.autoCreateTopics ?? false,
    topics: options.topics ?? [],
    logger: options.logger ?? silentLogger,
    clock: options.clock ?? systemClock,
  };
}
