import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@scalelab/logging';
import type { ShutdownPhase } from './shutdown-phase';

const defaultTimeoutMs = 10_000;
const ranOut = Symbol('ran out of time');

/**
 * Runs the phases in order inside the grace. A phase that fails or runs out of time is logged and the next one begins:
 * a broken connection must not keep a buffer from being flushed. A part of the grace is kept back for each later
 * phase. Resolves to true when all of them finished.
 */
export async function runPhases(
  phases: readonly ShutdownPhase[],
  graceMs: number,
  logger: Logger,
): Promise<boolean> {
  const deadline = performance.now() + graceMs;
  const keptBackMs = Math.min(1000, graceMs / 10);
  let clean = true;
  for (const [index, phase] of phases.entries()) {
    const left = deadline - performance.now() - keptBackMs * (phases.length - index - 1);
    const timeoutMs = Math.max(0, Math.round(Math.min(phase.timeoutMs ?? defaultTimeoutMs, left)));
    clean = (await runPhase(phase, timeoutMs, logger)) && clean;
  }
  return clean;
}

async function runPhase(phase: ShutdownPhase, timeoutMs: number, logger: Logger): Promise<boolean> {
  const begin = performance.now();
  const over = new AbortController();
  const done = new AbortController();
  try {
    const work = Promise.resolve(phase.run(over.signal));
    const outcome = await Promise.race([work, sleep(timeoutMs, ranOut, { signal: done.signal })]);
    const tookMs = Math.round(performance.now() - begin);
    if (outcome !== ranOut) {
      logger.info({ phase: phase.name, tookMs }, 'shutdown phase finished');
      return true;
    }
    over.abort();
    work.catch((error: unknown) =>
      logger.error({ err: error, phase: phase.name }, 'shutdown phase failed late'),
    );
    logger.error({ phase: phase.name, timeoutMs }, 'shutdown phase ran out of time');
  } catch (error) {
    logger.error({ err: error, phase: phase.name }, 'shutdown phase failed');
  } finally {
    done.abort();
  }
  return false;
}
