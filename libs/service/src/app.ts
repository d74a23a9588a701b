import type { RequestListener } from 'node:http';
import type { Logger } from '@scalelab/logging';
import type { Metrics } from '@scalelab/metrics';
import type { Router } from 'express';
import type { Health } from './health';
import type { HotRoutes } from './hot-route';

export interface AppOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  /** Largest request body in bytes; default 102,400. */
  readonly bodyLimit?: number;
  /** Routes answered before Express. */
  readonly hot?: HotRoutes;
  /** Everything else. Handlers may be async and may throw AppError. JSON bodies are parsed. */
  readonly routes?: (router: Router) => void;
}

/** A request listener: give it to supertest, or to `run`. */
export interface App extends RequestListener {
  readonly health: Health;
  readonly logger: Logger;
  /** Loads Express and the routes; `run` does so after listening. */
  warm(): Promise<void>;
}

export declare function createApp(options: AppOptions): App;
