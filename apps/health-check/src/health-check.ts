import type { Logger } from '@scalelab/logging';
import { runCheck, type Check } from './check';
import { healthLine } from './health-line';
import type { HealthLog } from './health-log';

export interface HealthCheckDeps {
  readonly checks: readonly Check[];
  readonly log: HealthLog;
  readonly logger: Logger;
  /** Bound of one check in milliseconds. */
  readonly timeoutMs: number;
  /** Milliseconds since the Unix epoch; default Date.now. */
  readonly now?: () => number;
}

/** All checks at once, their lines in a fixed order; a line is written as soon as those before it are. */
export async function runHealthCheck(deps: HealthCheckDeps): Promise<boolean> {
  const { checks, log, logger, timeoutMs, now = Date.now } = deps;
  let allPassed = true;
  for (const running of checks.map((check) => runCheck(check, timeoutMs))) {
    const result = await running;
    allPassed &&= result.passed;
    await log.append(healthLine(result, now()));
    logger[result.passed ? 'info' : 'error'](
      { check: result },
      result.passed ? 'check passed' : 'check failed',
    );
  }
  return allPassed;
}
