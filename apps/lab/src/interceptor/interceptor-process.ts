import { fork, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import type { AddressPlan } from '../network/address-book';
import type { FromInterceptor, RouteCounts, RouteState, ServiceState, ToInterceptor } from './message';

export interface InterceptorProcessOptions {
  /** The bundled interceptor. */
  readonly entry: string;
  /** Default: the Node that runs the lab. */
  readonly node?: string;
  readonly plan: AddressPlan;
  /** Its output is appended here. */
  readonly logFile: string;
  /** Where it answers `/metrics`. Default 127.0.0.1 and a free port. */
  readonly metrics?: { readonly host: string; readonly port: number };
  /** For routes that do not say: longest wait for a ready pod, ms; 0 = no limit. Default 60,000. */
  readonly readinessTimeoutMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly onGroup?: (event: 'started' | 'ended', processGroup: number) => void;
  /** A request has come in for an idle route, `namespace/name`. */
  readonly onActive?: (key: string) => void;
  readonly onListening?: (key: string) => void;
  readonly onPortProblem?: (key: string, message: string) => void;
  /** It ended although the lab lives; it has been started again with all it knew. */
  readonly onRestart?: (exitCode: number | null) => void;
}

/** Pause before it is started again, ms. */
const restartMs = 200;
const countsTimeoutMs = 2_000;

/** The lab's end of the interceptor: starts it, tells it what is, and asks it for its counts. */
export class InterceptorProcess {
  private child: ChildProcess | undefined;
  private readonly services = new Map<string, ServiceState>();
  private readonly routes = new Map<string, RouteState>();
  private readonly asked = new Map<number, (counts: Readonly<Record<string, RouteCounts>>) => void>();
  /** Requests counted by interceptors that ended: the sum must never fall. */
  private readonly earlier = new Map<string, number>();
  private last: Readonly<Record<string, RouteCounts>> = {};
  private nextId = 1;
  private stopped = false;
  private metrics = 0;
  private whenReady: ((port: number) => void)[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: InterceptorProcessOptions) {
    this.start();
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Port of `/metrics`; undefined while the process is not up. */
  get metricsPort(): number | undefined {
    return this.metrics > 0 ? this.metrics : undefined;
  }

  /** Port of `/metrics`, once it answers. */
  ready(): Promise<number> {
    return this.metrics > 0
      ? Promise.resolve(this.metrics)
      : new Promise((resolve) => this.whenReady.push(resolve));
  }

  setService(service: ServiceState): void {
    this.services.set(service.key, service);
    this.tell({ type: 'service', service });
  }

  dropService(key: string): void {
    this.services.delete(key);
    this.tell({ type: 'serviceGone', key });
  }

  setRoute(route: RouteState): void {
    this.routes.set(route.key, route);
    this.tell({ type: 'route', route });
  }

  dropRoute(key: string): void {
    this.routes.delete(key);
    this.earlier.delete(key);
    this.tell({ type: 'routeGone', key });
  }

  /**
   * What has passed through each route, by `namespace/name`.
   * @throws Error when the interceptor does not answer within 2 s
   */
  counts(): Promise<Readonly<Record<string, RouteCounts>>> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.asked.delete(id);
        reject(new Error(`the interceptor did not tell its counts within ${countsTimeoutMs} ms`));
      }, countsTimeoutMs);
      this.asked.set(id, (counts) => {
        clearTimeout(timer);
        this.last = counts;
        const whole = Object.entries(counts).map(([key, { concurrency, requests }]) => {
          return [key, { concurrency, requests: requests + (this.earlier.get(key) ?? 0) }] as const;
        });
        resolve(Object.fromEntries(whole));
      });
      this.tell({ type: 'counts', id });
    });
  }

  /** Ends it; resolves when it is gone. */
  stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  }

  private start(): void {
    const { entry, environment, logFile, metrics, node, onGroup, plan, readinessTimeoutMs } = this.options;
    const log = openSync(logFile, 'a', 0o640);
    const child = fork(entry, [], {
      execPath: node ?? process.execPath,
      execArgv: ['--max-semi-space-size=16'],
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: { PATH: process.env['PATH'] ?? '', ...environment },
    });
    closeSync(log);
    this.child = child;
    const { pid } = child;
    if (pid !== undefined) onGroup?.('started', pid);
    child.on('message', (message) => this.take(message as FromInterceptor));
    child.on('error', () => undefined);
    child.once('exit', (code) => {
      if (pid !== undefined) onGroup?.('ended', pid);
      this.restart(code);
    });
    this.tell({
      type: 'hello',
      plan,
      metrics: metrics ?? { host: '127.0.0.1', port: 0 },
      readinessTimeoutMs: readinessTimeoutMs ?? 60_000,
    });
    for (const service of this.services.values()) this.tell({ type: 'service', service });
    for (const route of this.routes.values()) this.tell({ type: 'route', route });
  }

  private restart(code: number | null): void {
    if (this.stopped) return;
    this.metrics = 0;
    for (const [key, { requests }] of Object.entries(this.last)) {
      this.earlier.set(key, (this.earlier.get(key) ?? 0) + requests);
    }
    this.last = {};
    this.options.onRestart?.(code);
    this.timer = setTimeout(() => this.start(), restartMs);
  }

  private tell(message: ToInterceptor): void {
    if (this.child?.connected) this.child.send(message, () => undefined);
  }

  private take(message: FromInterceptor): void {
    switch (message.type) {
      case 'ready':
        this.metrics = message.metricsPort;
        for (const resolve of this.whenReady.splice(0)) resolve(message.metricsPort);
        return;
      case 'active':
        return this.options.onActive?.(message.key);
      case 'listening':
        return this.options.onListening?.(message.key);
      case 'portProblem':
        return this.options.onPortProblem?.(message.key, message.message);
      case 'counts':
        this.asked.get(message.id)?.(message.counts);
        this.asked.delete(message.id);
    }
  }
}
