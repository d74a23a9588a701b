import type { Scheduler } from '@scalelab/kube';

/** Resolves after `ms`, or as soon as the signal aborts. */
export function wait(scheduler: Scheduler, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = scheduler.wakeAt(scheduler.now() + ms, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** What happens first: the promise, or `undefined` after `ms`. */
export function within<T>(scheduler: Scheduler, ms: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = scheduler.wakeAt(scheduler.now() + ms, () => resolve(undefined));
    promise.then(resolve, reject).finally(cancel);
  });
}
