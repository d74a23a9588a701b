import type { InformerSet, KubeClient, Scheduler, WorkQueue } from '@scalelab/kube';
import type { EventRecorder } from './event-recorder';

/** What controllers say about themselves; pino's shape. */
export interface ControllerLog {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** What every controller works with. */
export interface ControllerContext {
  readonly client: KubeClient;
  readonly informers: InformerSet;
  readonly scheduler: Scheduler;
  readonly events: EventRecorder;
  readonly log: ControllerLog;
}

/** Brings what it finds closer to what is wanted, one key at a time, whenever something it depends on has changed. */
export interface Controller {
  readonly name: string;
  readonly queue: WorkQueue;
  reconcile(key: string): Promise<void>;
  /** Beyond the queue's end: wake-ups and streams of its own. */
  stop?(): void;
}

export type ControllerFactory = (context: ControllerContext) => Controller;

/**
 * Makes the controllers, waits until their informers have listed everything, and lets them work until the signal aborts. No
 * controller acts on half a view.
 */
export async function startControllers(
  context: ControllerContext,
  factories: readonly ControllerFactory[],
  signal: AbortSignal,
): Promise<readonly Controller[]> {
  const controllers = factories.map((make) => make(context));
  context.informers.start(signal);
  await context.informers.synced();
  for (const controller of controllers) controller.queue.run((key) => controller.reconcile(key));
  signal.addEventListener(
    'abort',
    () => {
      for (const controller of controllers) {
        controller.queue.stop();
        controller.stop?.();
      }
      context.events.stop();
    },
    { once: true },
  );
  return controllers;
}
