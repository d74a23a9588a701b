import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { tempDir, waitFor } from '@scalelab/testing';
import type { AddressPlan } from '../../network/address-book';
import { AddressBook } from '../../network/address-book';
import { Interceptor } from '../interceptor';
import type { EndpointState, FromInterceptor, RouteState, ServicePortState } from '../message';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An interceptor in this process with pods that are servers of the test. */
export class ProxyFixture {
  readonly told: FromInterceptor[] = [];
  readonly agent = new Agent({ keepAlive: true });
  interceptor!: Interceptor;
  private readonly book: AddressBook;
  private readonly servers: Server[] = [];
  private readonly plan: AddressPlan;

  constructor() {
    const directory = join(tempDir('scalelab-proxy-'), 'addresses');
    mkdirSync(directory);
    // Everything is mapped, so that no fixed port of this machine is needed.
    this.plan = { directory, prefix: '127.250.', range: false, lowestPort: 0 };
    this.book = new AddressBook(this.plan);
  }

  async start(readinessTimeoutMs = 5_000): Promise<void> {
    const metrics = { host: '127.0.0.1', port: 0 };
    this.interceptor = await Interceptor.start(
      { type: 'hello', plan: this.plan, metrics, readinessTimeoutMs },
      (message) => this.told.push(message),
    );
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    this.interceptor.close();
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** A pod at an address of its own, port 80. */
  async pod(listener: RequestListener): Promise<EndpointState & { readonly server: Server }> {
    const server = createServer(listener);
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `127.250.1.${this.servers.length}`;
    this.book.enter(address, 80, { host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    return { address, port: 80, server };
  }

  /** Enters an endpoint whose real port nobody listens on. */
  deadPod(): EndpointState {
    this.book.enter('127.250.2.1', 80, { host: '127.0.0.1', port: 9 });
    return { address: '127.250.2.1', port: 80 };
  }

  async service(
    endpoints: readonly EndpointState[],
    changes: Partial<ServicePortState> & { proxy?: boolean; key?: string } = {},
  ): Promise<void> {
    const { key = 'default/web', proxy = false, ...port } = changes;
    const state = {
      name: 'http',
      port: 80,
      http: true,
      hostPorts: [],
      endpoints: endpoints.map(({ address, port: number }) => ({ address, port: number })),
      ...port,
    };
    this.interceptor.apply({
      type: 'service',
      service: { key, address: addressOf(key), proxy, ports: [state] },
    });
    await waitFor(() => this.book.lookup(addressOf(key), state.port), { what: `${key} to listen` });
  }

  async route(changes: Partial<RouteState> = {}): Promise<void> {
    this.interceptor.apply({
      type: 'route',
      route: {
        key: 'default/route',
        target: { service: 'default/web', port: 'http' },
        rules: [],
        requestTimeoutMs: 0,
        responseHeaderTimeoutMs: 0,
        ...changes,
      },
    });
    await this.service([], { key: 'keda/proxy', proxy: true });
  }

  /** The real port behind a Service. */
  portOf(key: string): number {
    const entry = this.book.lookup(addressOf(key), 80);
    if (!entry) throw new Error(`${key} does not listen`);
    return entry.port;
  }

  connect(key = 'default/web'): Socket {
    return connect({ host: '127.0.0.1', port: this.portOf(key), allowHalfOpen: true });
  }

  /** The text at a port of the host. */
  fetch(port: number, path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path, agent: false }, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.once('end', () => resolve(text));
      });
      sent.once('error', reject);
      sent.end();
    });
  }

  send(
    path: string,
    options: {
      key?: string;
      method?: string;
      body?: string | Buffer;
      headers?: Record<string, string>;
      agent?: Agent;
      signal?: AbortSignal;
    } = {},
  ): Promise<Answer> {
    const { agent = this.agent, body, headers = {}, key = 'default/web', method = 'GET', signal } = options;
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: this.portOf(key),
          path,
          method,
          headers,
          agent,
          ...(signal ? { signal } : {}),
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
  }
}

const addressOf = (key: string): string => (key === 'keda/proxy' ? '127.250.129.1' : '127.250.128.1');
