import { KeyedCounter, type Metrics } from '@scalelab/metrics';
import { contextOf } from '@scalelab/service';
import type { Request, Response } from 'express';
import { parseEnvironment } from './environment';
import type { ExternalLogs } from './external-logs';

/** GET /download_external_logs?env=: the logs as the external API gave them. */
export function downloadRoute(externalLogs: ExternalLogs, metrics: Metrics) {
  const downloads = new KeyedCounter(
    metrics.registry,
    `${metrics.prefix}_external_downloads_total`,
    'Downloads asked of the external API, by outcome.',
    'outcome',
    ['ok', 'failed'],
  );
  return async (request: Request, response: Response): Promise<void> => {
    const environment = parseEnvironment(request.query.env);
    try {
      const { type, body } = await externalLogs.download(environment, contextOf(request).forwardHeaders());
      downloads.inc('ok');
      response.set('content-type', type).send(body);
    } catch (error) {
      downloads.inc('failed');
      throw error;
    }
  };
}
