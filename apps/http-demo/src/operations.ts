import { workMetrics, type Metrics } from '@scalelab/metrics';

/** Buckets of `http_demo_request_duration_seconds`; 1, 2, 5, 6 and 10 are those of the dashboard. */
export const durationBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 6, 10];

/** Counts what the autoscaler looks at: operations, not probes, scrapes or refused requests. */
export function createOperations(metrics: Metrics) {
  const total = metrics.counter('request_operations_total', 'Operations asked for with GET /.');
  const duration = metrics
    .histogram('request_duration_seconds', 'Duration of operations.', durationBuckets)
    .series();
  const work = workMetrics(metrics, { buckets: durationBuckets });

  return {
    /** Counted at its beginning, so that a load of slow requests is seen while it lasts. */
    begin(): number {
      total.inc();
      work.inFlight.inc();
      return performance.now();
    },
    end(startedAt: number, failed: boolean): void {
      const seconds = (performance.now() - startedAt) / 1000;
      duration.observe(seconds);
      work.processingSeconds.observe(seconds);
      work.processed.inc(failed ? 'failed' : 'ok');
      work.inFlight.dec();
    },
  };
}

export type Operations = ReturnType<typeof createOperations>;
