import { AwsError } from './aws-error';
import type { Clock } from './clock';
import type { Delivery, Handler } from './queue-consumer-options';

export interface HandlerResult {
  readonly outcome: 'done' | 'failed' | 'timeout' | 'lost';
  readonly error?: AwsError;
}

interface HandlerLimits<Body> {
  readonly handler: Handler<Body>;
  readonly handlerTimeoutMs?: number;
  readonly abortGraceMs?: number;
}

/**
 * Runs a handler against its timeout. When its signal aborts, for whatever reason, the handler has the abort grace to settle;
 * a handler that still succeeds has succeeded.
 */
export async function runHandler<Body>(
  limits: HandlerLimits<Body>,
  delivery: Delivery<Body>,
  abort: AbortController,
  clock: Clock,
): Promise<HandlerResult> {
  const { handler, handlerTimeoutMs = 60_000, abortGraceMs = 5_000 } = limits;
  const cancelTimeout = clock.wakeAt(clock.now() + handlerTimeoutMs, () => {
    abort.abort(new AwsError('HandlerTimeout', `the handler ran longer than ${handlerTimeoutMs} ms`));
  });
  let cancelGrace: (() => void) | undefined;
  const abandoned = new Promise<HandlerResult>((resolve) => {
    const onAbort = () => {
      cancelGrace = clock.wakeAt(clock.now() + abortGraceMs, () => resolve(ended(abort.signal)));
    };
    if (abort.signal.aborted) onAbort();
    else abort.signal.addEventListener('abort', onAbort, { once: true });
  });
  const handled = invoke(handler, delivery, abort.signal);
  const result = await Promise.race([handled, abandoned]);
  cancelTimeout();
  cancelGrace?.();
  return result;
}

async function invoke<Body>(
  handler: Handler<Body>,
  delivery: Delivery<Body>,
  signal: AbortSignal,
): Promise<HandlerResult> {
  try {
    await handler(delivery, { signal });
    return { outcome: 'done' };
  } catch (cause) {
    if (signal.aborted) return ended(signal);
    const { id, receiveCount } = delivery;
    const error = new AwsError('HandlerFailed', `the handler failed for message ${id}`, {
      cause,
      context: { id, receiveCount },
    });
    return { outcome: 'failed', error };
  }
}

function ended(signal: AbortSignal): HandlerResult {
  const error =
    signal.reason instanceof AwsError ? signal.reason : new AwsError('Draining', String(signal.reason));
  if (error.code === 'HandlerTimeout') return { outcome: 'timeout', error };
  return { outcome: error.code === 'VisibilityLost' ? 'lost' : 'failed', error };
}
