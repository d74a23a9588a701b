import { setTimeout as sleep } from 'node:timers/promises';
import { flushLogger } from '@scalelab/logging';
import type { App } from './app';
import { listen } from './http-server';
import { runPhases } from './shutdown';
import { httpPhase, type Phase, type ShutdownPhase } from './shutdown-phase';

export interface ServiceOptions {
  readonly app: App;
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Logged at start: give it through `describeConfig`, so that secrets are hidden. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Wait before listening, in milliseconds; default 0. */
  readonly startDelayMs?: number;
  /** What to begin once the service listens, such as consuming. */
  readonly started?: () => Promise<void> | void;
  /** Shutdown after readiness is off, in order; `'http'` stands for the HTTP server and is first when left out. */
  readonly phases?: readonly Phase[];
  /** Bound of the whole shutdown in milliseconds; default 25,000. Keep it below terminationGracePeriodSeconds. */
  readonly graceMs?: number;
  /** Time between readiness off and the first phase, in milliseconds; default 0. Charts use preStop sleep instead. */
  readonly drainDelayMs?: number;
  /** How long the HTTP phase still accepts connections while idle ones are open, in milliseconds; default 250. */
  readonly lingerMs?: number;
  /** Ends a start delay early, and the wait for `started`. */
  readonly signal?: AbortSignal;
}

export interface Running {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly port: number;
  /** Runs the shutdown once; resolves to the exit code: 0, or 1 when a phase failed or ran out of time. */
  stop(reason: string, graceMs?: number): Promise<number>;
}

/** Express is not needed to be ready, so it is loaded a little later than that. */
const warmAfterMs = 250;

/** Listens, and knows how to stop. Touches neither signals nor the exit code: that is `run`. */
export async function startService(options: ServiceOptions): Promise<Running> {
  const { app, host = '127.0.0.1', startDelayMs = 0, phases = [], graceMs: fullGraceMs = 25_000 } = options;
  const { drainDelayMs = 0, lingerMs = 250 } = options;
  const { logger, health } = app;
  logger.info({ settings: options.settings, node: process.version, startDelayMs }, 'starting');
  if (startDelayMs > 0)
    await sleep(startDelayMs, undefined, options.signal ? { signal: options.signal } : {});

  const http = await listen(app, host, options.port);
  health.markListening();
  const { port } = http.address;
  const startMs = Math.round(performance.now());
  logger.info({ host, port, startMs }, 'listening');
  const warming = setTimeout(() => void warm(app), warmAfterMs).unref();

  const httpStep: ShutdownPhase = {
    name: httpPhase,
    timeoutMs: fullGraceMs,
    run: (signal) => http.drain(signal, lingerMs),
  };
  const steps = (phases.includes(httpPhase) ? phases : [httpPhase, ...phases]).map((phase) =>
    typeof phase === 'string' ? httpStep : phase,
  );

  let stopping: Promise<number> | undefined;
  async function shutDown(reason: string, graceMs: number): Promise<number> {
    const begin = performance.now();
    clearTimeout(warming);
    health.startDraining();
    logger.info({ reason, graceMs, connections: http.connections }, 'shutting down');
    if (drainDelayMs > 0) await sleep(Math.min(drainDelayMs, graceMs / 2));
    const clean = await runPhases(steps, graceMs - (performance.now() - begin), logger);
    // After a timed-out HTTP phase its connections are cut; wait no longer for their ends.
    http.server.closeAllConnections();
    logger.info({ clean, tookMs: Math.round(performance.now() - begin) }, 'stopped');
    await Promise.race([flushLogger(logger), sleep(1000, undefined, { ref: false })]);
    return clean ? 0 : 1;
  }
  const running: Running = {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    stop: (reason, graceMs = fullGraceMs) => (stopping ??= shutDown(reason, graceMs)),
  };

  try {
    // A shutdown does not wait for a beginning that may never come to its end, such as a broker that is not there.
    await Promise.race([options.started?.(), aborted(options.signal)]);
  } catch (error) {
    await running.stop('start failed');
    throw error;
  }
  return running;
}

function aborted(signal: AbortSignal | undefined): Promise<unknown> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve(undefined);
    else signal?.addEventListener('abort', resolve, { once: true });
  });
}

/** Routes that cannot be registered must end the process, not wait for the first request. */
async function warm(app: App): Promise<void> {
  try {
    await app.warm();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
