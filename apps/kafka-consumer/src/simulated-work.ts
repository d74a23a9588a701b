import type { HandlerContext } from '@scalelab/kafka';
import type { RequestedWork } from './event';

export interface SimulatedWorkOptions {
  readonly workMs: number;
  readonly jitterMs: number;
  /** 0 to 1. */
  readonly failureRate: number;
  readonly fromMessage: boolean;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** A try that was made to fail on purpose. */
export class SimulatedFailure extends Error {
  override readonly name = 'SimulatedFailure';
}

export type SimulatedWork = (requested: RequestedWork, context: HandlerContext) => Promise<void>;

export function simulatedWork({
  workMs,
  jitterMs,
  failureRate,
  fromMessage,
  random,
}: SimulatedWorkOptions): SimulatedWork {
  return async (requested, context) => {
    const asked = fromMessage ? requested : {};
    const duration = (asked.ms ?? workMs) + (jitterMs > 0 ? random() * jitterMs : 0);
    if (duration > 0) await pause(duration, context.signal);
    if (asked.poison) throw new SimulatedFailure('the record asks to fail at every try');
    if (asked.fail !== undefined && context.attempt <= asked.fail) {
      throw new SimulatedFailure(
        `the record asks to fail ${asked.fail} times, this is try ${context.attempt}`,
      );
    }
    if (failureRate > 0 && random() < failureRate) throw new SimulatedFailure(`FAILURE_RATE ${failureRate}`);
  };
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
