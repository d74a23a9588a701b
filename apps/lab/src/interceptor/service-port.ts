import type { Socket } from 'node:net';
import type { AddressBook } from '../network/address-book';
import { BackendSet } from './backend-set';
import type { Exchange } from './exchange';
import { HttpConnection } from './http-connection';
import type { ServicePortState } from './message';
import { ServiceListener } from './service-listener';
import { splice } from './splice';
import type { Router } from './target';

export interface ServicePortContext {
  readonly book: AddressBook;
  readonly active: Set<Exchange>;
  /** Routes by rules; absent when the Service has endpoints of its own. */
  readonly routeByRules?: Router;
  onListening(): void;
  onProblem(message: string): void;
}

/** One port of a Service: where it listens and the pods behind it. */
export class ServicePort {
  readonly backends: BackendSet;
  connections = 0;
  private readonly listeners = new Map<string, ServiceListener>();
  private readonly router: Router;

  constructor(
    private state: ServicePortState,
    private readonly address: string | undefined,
    private readonly context: ServicePortContext,
  ) {
    this.backends = new BackendSet(context.book);
    this.router = context.routeByRules ?? (() => ({ backends: this.backends, holdMs: undefined }));
    this.update(state);
  }

  get name(): string {
    return this.state.name;
  }

  get port(): number {
    return this.state.port;
  }

  get isListening(): boolean {
    return [...this.listeners.values()].every(({ isListening }) => isListening);
  }

  update(state: ServicePortState): void {
    this.state = state;
    this.backends.update(state.endpoints);
    const wanted = new Set(state.hostPorts.map((port) => `host ${port}`));
    if (this.address !== undefined) wanted.add('own');
    for (const [name, listener] of this.listeners) {
      if (wanted.has(name)) continue;
      listener.close();
      this.listeners.delete(name);
    }
    for (const name of wanted) if (!this.listeners.has(name)) this.listeners.set(name, this.listen(name));
  }

  close(): void {
    for (const listener of this.listeners.values()) listener.close();
    this.listeners.clear();
    this.backends.drain();
  }

  private listen(name: string): ServiceListener {
    const { book, onListening, onProblem } = this.context;
    const handlers = {
      onConnection: (socket: Socket) => this.accept(socket),
      onListening: () => onListening(),
      onProblem: (message: string) => onProblem(message),
    };
    if (name.startsWith('host ')) {
      return new ServiceListener({ host: '127.0.0.1', port: Number(name.slice(5)) }, handlers);
    }
    const address = this.address ?? '';
    const { port } = this.state;
    return new ServiceListener(book.bindTarget(address, port), handlers, { book, address, port });
  }

  private accept(socket: Socket): void {
    this.connections += 1;
    if (this.state.http || this.context.routeByRules)
      new HttpConnection(socket, this.router, this.context.active);
    else splice(socket, this.backends);
  }
}
