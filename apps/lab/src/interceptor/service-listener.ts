import { createServer, type Server, type Socket } from 'node:net';
import type { AddressBook, RealAddress } from '../network/address-book';

/** How often a port that somebody else has is tried again, ms. */
const retryMs = 2_000;
const backlog = 4_096;

export interface ListenerHandlers {
  onConnection(socket: Socket): void;
  onListening(): void;
  onProblem(message: string): void;
}

/** One open port of the interceptor. Closing it leaves the connections it has accepted alone. */
export class ServiceListener {
  isListening = false;
  private server: Server | undefined;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  /** @param entry where to enter it in the address book; absent for ports of the host */
  constructor(
    private readonly target: RealAddress,
    private readonly handlers: ListenerHandlers,
    private readonly entry?: { readonly book: AddressBook; readonly address: string; readonly port: number },
  ) {
    this.open();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.server?.close();
    if (this.entry && this.isListening)
      this.entry.book.leave(this.entry.address, this.entry.port, process.pid);
    this.isListening = false;
  }

  private open(): void {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.handlers.onConnection(socket),
    );
    this.server = server;
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (this.closed) return;
      this.handlers.onProblem(`cannot listen on ${this.target.host}:${this.target.port}: ${describe(error)}`);
      this.timer = setTimeout(() => this.open(), retryMs);
    });
    server.listen({ ...this.target, backlog }, () => {
      if (this.closed) return void server.close();
      this.isListening = true;
      const address = server.address();
      if (this.entry && typeof address === 'object' && address !== null) {
        this.entry.book.enter(this.entry.address, this.entry.port, {
          host: address.address,
          port: address.port,
        });
      }
      this.handlers.onListening();
    });
  }
}

function describe(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return 'the port is in use by another program';
  if (error.code === 'EACCES') return 'this user may not open ports below 1024';
  return error.message;
}
