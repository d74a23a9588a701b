import type { App } from './app';
import type { Phase } from './shutdown-phase';

export interface RunOptions {
  /** Name of the service. */
  readonly name: string;
  readonly app: App;
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Logged at start, secrets hidden. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Wait before listening, in milliseconds; default 0. */
  readonly startDelayMs?: number;
  /** What to begin once the service listens, such as consuming. */
  readonly started?: () => Promise<void> | void;
  /** Shutdown after readiness is off, in order. */
  readonly phases?: readonly Phase[];
  /** Bound of the whole shutdown in milliseconds; default 25,000. */
  readonly graceMs?: number;
  /** Time between readiness off and the first phase, in milliseconds; default 0. */
  readonly drainDelayMs?: number;
}

export interface Running {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly port: number;
  /** Runs the shutdown; resolves to the exit code: 0, or 1 when a phase failed or ran out of time. */
  stop(reason: string): Promise<number>;
}

export declare function run(options: RunOptions): Promise<Running>;
