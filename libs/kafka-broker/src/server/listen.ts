import { createServer, type AddressInfo, type Server } from 'node:net';
import { BrokerError } from '../broker-error';
import type { BrokerContext } from '../handlers/context';
import type { Route } from '../handlers/route';
import { Connection } from './connection';

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly maxConnections: number;
  readonly maxRequestBytes: number;
  readonly routes: readonly Route[];
  readonly context: BrokerContext;
}

export interface Listener {
  readonly address: AddressInfo;
  readonly connections: ReadonlySet<Connection>;
  close(): Promise<void>;
}

/** @throws BrokerError `PortInUse` or `CannotListen`. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { context, maxConnections, maxRequestBytes } = options;
  const routes = new Map(options.routes.map((route) => [route.api.key, route]));
  const connections = new Set<Connection>();
  const server = createServer((socket) => {
    if (connections.size >= maxConnections) {
      context.counters.connectionsRefused += 1;
      context.logger.warn({ maxConnections }, 'connection refused: too many');
      socket.destroy();
      return;
    }
    context.counters.connectionsTotal += 1;
    const connection = new Connection(socket, routes, context, maxRequestBytes);
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  await start(server, options);
  return {
    address: server.address() as AddressInfo,
    connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}

function start(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const inUse = cause.code === 'EADDRINUSE';
      const reason = inUse ? 'is in use' : `cannot be listened on: ${cause.message}`;
      reject(new BrokerError(inUse ? 'PortInUse' : 'CannotListen', `${host}:${port} ${reason}`, { cause }));
    });
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
