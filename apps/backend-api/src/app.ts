import { slowLogRoute, type LogWriter } from '@scalelab/log-writer';
import type { Logger } from '@scalelab/logging';
import { workMetrics, type Metrics } from '@scalelab/metrics';
import { createApp, type App, type Health } from '@scalelab/service';
import { downloadRoute } from './download-route';
import type { ExternalLogs } from './external-logs';

export interface BackendApiDeps {
  readonly writer: LogWriter;
  readonly processingMs: number;
  readonly externalLogs: ExternalLogs;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
}

export function buildApp({ writer, processingMs, externalLogs, ...deps }: BackendApiDeps): App {
  const work = workMetrics(deps.metrics);
  return createApp({
    ...deps,
    hot: { '/': slowLogRoute({ writer, processingMs, work }) },
    routes: (router) => router.get('/download_external_logs', downloadRoute(externalLogs, deps.metrics)),
  });
}
