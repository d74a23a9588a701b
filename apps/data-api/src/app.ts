import { slowLogRoute, type LogWriter } from '@scalelab/log-writer';
import type { Logger } from '@scalelab/logging';
import { workMetrics, type Metrics } from '@scalelab/metrics';
import { createApp, type App, type Health } from '@scalelab/service';

export interface DataApiDeps {
  readonly writer: LogWriter;
  readonly processingMs: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
}

export function buildApp({ writer, processingMs, ...deps }: DataApiDeps): App {
  const work = workMetrics(deps.metrics);
  return createApp({ ...deps, hot: { '/': slowLogRoute({ writer, processingMs, work }) } });
}
