import { isConflict, isNotFound, WorkQueue } from '@scalelab/kube';
import type { ControllerContext } from './controller';

/** A controller's queue: failures are logged, lost races quietly, and retried with backoff. */
export function controllerQueue(context: ControllerContext, name: string, concurrency = 1): WorkQueue {
  return new WorkQueue({
    scheduler: context.scheduler,
    concurrency,
    onError: (key, error, failures) => {
      const fields = { controller: name, key, failures, err: error };
      if (isConflict(error) || isNotFound(error)) context.log.debug(fields, 'retry after a lost race');
      else context.log.warn(fields, 'reconcile failed, retry');
    },
  });
}
