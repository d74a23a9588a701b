import type { Logger } from '@scalelab/logging';
import type { Metrics } from '@scalelab/metrics';
import { createApp, type App, type Health } from '@scalelab/service';
import type { Intake } from './intake';
import { intakeRoutes } from './intake-routes';

export interface SqsWorkerDeps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Undefined for a process that only works: it answers probes and metrics. */
  readonly intake: Intake | undefined;
  readonly bodyLimit: number;
  /** Lets callers ask for CPU load: for load tests. Default false. */
  readonly cpuOnDemand?: boolean;
}

export function buildApp({ intake, cpuOnDemand = false, ...deps }: SqsWorkerDeps): App {
  return createApp({ ...deps, ...(intake ? { routes: intakeRoutes(intake, { cpuOnDemand }) } : {}) });
}
