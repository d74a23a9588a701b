import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AppError, toProblem } from '@scalelab/errors';

/** A listening HTTP server that can be drained. */
export interface HttpServer {
  readonly server: Server;
  readonly address: AddressInfo;
  /** Open connections, idle ones too. */
  readonly connections: number;
  /** See `drain` below. */
  drain(signal: AbortSignal, lingerMs: number): Promise<void>;
}

/** Longer than the idle time of the usual load balancers (60 s), so that it is not this side that closes first. */
const keepAliveTimeout = 65_000;

export async function listen(listener: RequestListener, host: string, port: number): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout }, listener);
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('clientError', refuse);
  await bind(server, host, port);
  return {
    server,
    address: server.address() as AddressInfo,
    get connections() {
      return open.size;
    },
    drain: (signal, lingerMs) => drain(server, open, signal, lingerMs),
  };
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = `port ${port} on ${host}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new AppError('PortInUse', `${where} is in use by another process; set PORT to a free one`, {
        cause: error,
      });
    case 'EACCES':
      return new AppError(
        'CannotListen',
        `${where} needs more rights than this user has; set PORT to 1024 or more`,
        {
          cause: error,
        },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new AppError('CannotListen', `${host} is no address of this machine; set HOST to one`, {
        cause: error,
      });
    default:
      return new AppError('CannotListen', `cannot listen on ${where}: ${error.message}`, { cause: error });
  }
}

/** Requests that are not HTTP get their problem JSON too, and lose the connection. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const problem = toProblem(new AppError('BadRequest', 'the request is not valid HTTP', { status }));
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${problem.title}\r\ncontent-type: application/problem+json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/**
 * Answers go out with `connection: close` by now, so busy keep-alive connections end by themselves. For `lingerMs` the
 * socket still accepts: cutting an idle connection at once would race with the request its client is just sending.
 * Then nothing new is accepted, idle connections are closed, and what is in flight is waited for until the signal.
 */
async function drain(
  server: Server,
  open: ReadonlySet<Socket>,
  signal: AbortSignal,
  lingerMs: number,
): Promise<void> {
  await until(() => open.size === 0, lingerMs, signal);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(closeIdle, 25, server, open);
  closeIdle(server, open);
  const cut = () => server.closeAllConnections();
  signal.addEventListener('abort', cut, { once: true });
  if (signal.aborted) cut();
  await closed;
  clearInterval(sweep);
  signal.removeEventListener('abort', cut);
}

/** Node counts a connection on which nothing was ever sent as busy: load balancers and browsers keep such in reserve. */
function closeIdle(server: Server, open: ReadonlySet<Socket>): void {
  server.closeIdleConnections();
  for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
}

async function until(done: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!done() && !signal.aborted && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
