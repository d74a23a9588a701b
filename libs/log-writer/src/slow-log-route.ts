import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkMetrics } from '@scalelab/metrics';
import { textReply, type HotHandler } from '@scalelab/service';
import type { LogWriter } from './log-writer';

export interface SlowLogRouteOptions {
  readonly writer: LogWriter;
  /** Milliseconds between the request and its message. */
  readonly processingMs: number;
  readonly work: WorkMetrics;
}

/** GET /: a while of processing, one random message in a file of its own, and the same message as the answer. */
export function slowLogRoute({ writer, processingMs, work }: SlowLogRouteOptions): HotHandler {
  return async ({ signal }) => {
    const startedAt = performance.now();
    let outcome = 'failed';
    work.inFlight.inc();
    try {
      await sleep(processingMs, undefined, { signal });
      const { message } = await writer.write();
      outcome = 'ok';
      return textReply(message);
    } finally {
      work.inFlight.dec();
      work.processed.inc(outcome);
      work.processingSeconds.observe((performance.now() - startedAt) / 1000);
    }
  };
}
