import { pino, type Logger } from 'pino';
import { batchedDestination, type LogDestination } from './destination';
import { redactedPaths } from './redaction';
import { timestamp } from './time';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  /** Stands in every line as `service`. */
  readonly name: string;
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Default: standard output in batches of at most 50 ms. */
  readonly destination?: LogDestination;
  /** Paths to hide beside the built-in ones, in pino's syntax (`user.email`, `*.pin`). */
  readonly redact?: readonly string[];
}

/**
 * JSON lines with `level` as a word, `time` in RFC 3339, `service` and `msg`. Never pretty, whatever the environment:
 * what a developer sees is what the log store gets.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { name, level = 'info', destination = batchedDestination(), redact = [] } = options;
  return pino(
    {
      level,
      base: { service: name },
      timestamp: () => `,"time":"${timestamp()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
      redact: { paths: [...redactedPaths, ...redact], censor: '***' },
    },
    destination,
  );
}

/** Resolves when every line logged so far is written; errors of the destination are dropped, since nobody can be told. */
export function flushLogger(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    logger.flush(() => resolve());
  });
}
