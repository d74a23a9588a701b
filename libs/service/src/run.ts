import { constants } from 'node:os';
import type { Logger } from '@scalelab/logging';
import { startService, type Running, type ServiceOptions } from './start-service';

export type RunOptions = Omit<ServiceOptions, 'signal'>;

/** After an error that nobody caught the state is unknown: a short drain, then the end. */
const crashGraceMs = 5000;

/**
 * Starts a service and ties it to the process. SIGTERM and SIGINT shut it down and exit with 0, or 1 when a phase
 * failed or ran out of time; a second signal exits at once with 128 + its number; an uncaught error is logged, drains
 * for at most 5 s and exits with 1.
 */
export async function run(options: RunOptions): Promise<Running> {
  const { logger } = options.app;
  const early = new AbortController();
  let running: Running | undefined;
  let stopping = false;

  async function end(reason: string, code: number, graceMs?: number): Promise<void> {
    stopping = true;
    if (!running) early.abort();
    else process.exit(Math.max(code, await running.stop(reason, graceMs)));
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) exitNow(logger, `second signal (${signal}): exit now`, 128 + constants.signals[signal]);
      else void end(signal, 0);
    });
  }
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught error');
    if (stopping) exitNow(logger, 'uncaught error during shutdown: exit now', 1);
    else void end('uncaught error', 1, crashGraceMs);
  });

  try {
    running = await startService({ ...options, signal: early.signal });
  } catch (error) {
    if (!early.signal.aborted) throw error;
    exitNow(logger, 'stopped before it listened', 0);
  }
  if (early.signal.aborted) await end('signal during start', 0);
  return running;
}

function exitNow(logger: Logger, reason: string, code: number): never {
  logger.warn({ code }, reason);
  process.exit(code);
}
