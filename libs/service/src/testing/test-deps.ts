import { createLogger, type Logger } from '@scalelab/logging';
import { createMetrics, type Metrics } from '@scalelab/metrics';
import { createHealth, type Health } from '../health';
import { capturedLogs, type CapturedLogs } from './captured-logs';

/** What every app needs, with logs that can be looked at and metrics without those of the process. */
export interface TestDeps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly logs: CapturedLogs;
  /** Value of the first sample whose line begins with `name`, labels as they are printed. */
  sample(name: string): Promise<number | undefined>;
}

export function testDeps(service: string): TestDeps {
  const logs = capturedLogs();
  const metrics = createMetrics({ service, defaults: false });
  return {
    logger: createLogger({ name: service, destination: logs.destination }),
    metrics,
    health: createHealth(),
    logs,
    sample: async (name) => {
      const lines = (await metrics.registry.metrics()).split('\n');
      const line = lines.find((text) => text.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length + 1));
    },
  };
}
