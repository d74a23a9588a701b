import { AddressBook } from '../network/address-book';
import { BackendSet } from './backend-set';
import type { Exchange } from './exchange';
import { exposition } from './exposition';
import type { RequestHead } from './http-head';
import type { FromInterceptor, RouteCounts, ServiceState, TargetState, ToInterceptor } from './message';
import { MetricsServer } from './metrics-server';
import { Route } from './route';
import { RouteTable } from './route-table';
import { ServicePort } from './service-port';
import type { Refusal, Target } from './target';

/** How often idle connections and time limits are looked at, ms. */
const sweepEveryMs = 500;
/** Waiting time of requests whose route falls back to another Service but sets no limit, ms: the add-on's. */
const fallbackAfterMs = 30_000;

interface RunningService {
  state: ServiceState;
  readonly ports: Map<number, ServicePort>;
}

/** The lab's data plane: every Service's address, every host port, and the InterceptorRoutes. */
export class Interceptor {
  private readonly services = new Map<string, RunningService>();
  private readonly routes = new RouteTable();
  private readonly active = new Set<Exchange>();
  private readonly nowhere: BackendSet;
  private readonly timer: NodeJS.Timeout;
  private readonly metrics: MetricsServer;

  private constructor(
    private readonly book: AddressBook,
    private readonly readinessTimeoutMs: number,
    private readonly tell: (message: FromInterceptor) => void,
  ) {
    this.nowhere = new BackendSet(book);
    this.metrics = new MetricsServer(() =>
      exposition(this.routes.all(), this.servicePorts(), this.active.size),
    );
    this.timer = setInterval(() => this.sweep(), sweepEveryMs);
  }

  static async start(
    hello: Extract<ToInterceptor, { type: 'hello' }>,
    tell: (message: FromInterceptor) => void,
  ): Promise<Interceptor> {
    const interceptor = new Interceptor(new AddressBook(hello.plan), hello.readinessTimeoutMs, tell);
    const metricsPort = await interceptor.metrics.listen(hello.metrics);
    tell({ type: 'ready', metricsPort });
    return interceptor;
  }

  apply(message: ToInterceptor): void {
    switch (message.type) {
      case 'hello':
        return;
      case 'service':
        return this.setService(message.service);
      case 'serviceGone':
        return this.dropService(message.key);
      case 'route': {
        const known = this.routes.get(message.route.key);
        if (known) known.state = message.route;
        else this.routes.set(new Route(message.route, (key) => this.tell({ type: 'active', key })));
        return;
      }
      case 'routeGone':
        return this.routes.delete(message.key);
      case 'counts':
        return this.tell({ type: 'counts', id: message.id, counts: this.counts() });
    }
  }

  counts(): Record<string, RouteCounts> {
    return Object.fromEntries([...this.routes.all()].map((route) => [route.key, route.counts()]));
  }

  /** Stops listening; what runs may end. */
  close(): void {
    clearInterval(this.timer);
    for (const key of [...this.services.keys()]) this.dropService(key);
    this.metrics.close();
  }

  private setService(state: ServiceState): void {
    const known = this.services.get(state.key);
    // A new address or a new role means new listeners; new endpoints do not.
    if (known && (known.state.address !== state.address || known.state.proxy !== state.proxy))
      this.dropService(state.key);
    const service = this.services.get(state.key) ?? { state, ports: new Map<number, ServicePort>() };
    service.state = state;
    this.services.set(state.key, service);
    const wanted = new Set(state.ports.map(({ port }) => port));
    for (const [port, running] of service.ports) {
      if (wanted.has(port)) continue;
      running.close();
      service.ports.delete(port);
    }
    for (const port of state.ports) {
      const running = service.ports.get(port.port);
      if (running) running.update(port);
      else service.ports.set(port.port, this.servicePort(service, port));
    }
    this.tellListening(service);
  }

  private servicePort(service: RunningService, port: ServiceState['ports'][number]): ServicePort {
    const { address, key, proxy } = service.state;
    return new ServicePort(port, address, {
      book: this.book,
      active: this.active,
      ...(proxy ? { routeByRules: (head: RequestHead, text: string) => this.routeByRules(head, text) } : {}),
      onListening: () => this.tellListening(service),
      onProblem: (message) => this.tell({ type: 'portProblem', key, message }),
    });
  }

  private tellListening(service: RunningService): void {
    const open = [...service.ports.values()].every(({ isListening }) => isListening);
    if (open) this.tell({ type: 'listening', key: service.state.key });
  }

  private dropService(key: string): void {
    for (const port of this.services.get(key)?.ports.values() ?? []) port.close();
    this.services.delete(key);
  }

  private routeByRules(head: RequestHead, text: string): Target | Refusal {
    const route = this.routes.find(head, text);
    if (!route) {
      return {
        status: 404,
        detail: `no InterceptorRoute wants host "${head.host}" and path "${head.target}"`,
      };
    }
    const { fallback, readinessTimeoutMs, target } = route.state;
    const holdMs = readinessTimeoutMs ?? this.readinessTimeoutMs;
    return {
      route,
      backends: this.backendsOf(target) ?? this.nowhere,
      holdMs: fallback && holdMs === 0 ? fallbackAfterMs : holdMs,
      fallback: fallback && this.backendsOf(fallback),
    };
  }

  private backendsOf({ port, service }: TargetState): BackendSet | undefined {
    const ports = [...(this.services.get(service)?.ports.values() ?? [])];
    return ports.find((candidate) =>
      typeof port === 'number' ? candidate.port === port : candidate.name === port,
    )?.backends;
  }

  private *servicePorts(): Generator<[string, ServicePort]> {
    for (const [key, { ports }] of this.services) for (const port of ports.values()) yield [key, port];
  }

  private sweep(): void {
    const nowMs = performance.now();
    for (const [, port] of this.servicePorts()) port.backends.closeIdle(nowMs);
    for (const exchange of this.active) exchange.checkDeadline(nowMs);
  }
}
