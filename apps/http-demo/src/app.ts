import type { Logger } from '@scalelab/logging';
import type { Metrics } from '@scalelab/metrics';
import { createApp, type App, type Health } from '@scalelab/service';
import { createGreeter } from './greeter';
import { createOperations } from './operations';

export interface HttpDemoDeps {
  readonly greeting: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
}

export function buildApp({ greeting, ...deps }: HttpDemoDeps): App {
  return createApp({ ...deps, hot: { '/': createGreeter(greeting, createOperations(deps.metrics)) } });
}
