import type { Socket } from 'node:net';
import { Exchange } from './exchange';
import type { ExchangeClient } from './exchange-client';
import { HeadError, parseRequestHead } from './http-head';
import type { RouteState } from './message';
import { problemResponse, response } from './problem';
import type { Route } from './route';
import type { Router } from './target';

const headEnd = Buffer.from('\r\n\r\n');
/** Four times what Node's own server takes. */
const longestHead = 64 * 1024;
/** Bytes of later requests that are kept before the client is made to wait. */
const mostPending = 64 * 1024;

/** The part of the proxy that faces one client: cuts its bytes into requests and runs them one after the other. */
export class HttpConnection implements ExchangeClient {
  private pending: Buffer | undefined;
  private exchange: Exchange | undefined;
  private clientEnded = false;
  private over = false;

  constructor(
    private readonly socket: Socket,
    private readonly router: Router,
    /** All exchanges that run, for time limits. */
    private readonly active: Set<Exchange>,
  ) {
    socket.on('data', (chunk: Buffer) => this.onData(chunk));
    socket.on('drain', () => this.exchange?.clientDrained());
    socket.on('end', () => this.onClientEnd());
    socket.on('error', () => this.close());
    socket.on('close', () => this.close());
  }

  write(bytes: Buffer): boolean {
    return this.socket.write(bytes);
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    if (this.socket.isPaused()) this.socket.resume();
  }

  endWrite(): void {
    this.socket.end();
  }

  finished(exchange: Exchange, keepAlive: boolean): void {
    this.active.delete(exchange);
    if (this.exchange !== exchange) return;
    this.exchange = undefined;
    if (!keepAlive || this.clientEnded || this.over) {
      this.over = true;
      this.socket.end();
      return;
    }
    this.resume();
    const { pending } = this;
    if (pending === undefined) return;
    this.pending = undefined;
    this.begin(pending);
  }

  refuse(status: number, detail: string, method?: string): void {
    this.over = true;
    this.socket.end(problemResponse(status, detail, method));
  }

  abort(): void {
    this.over = true;
    // A reset, not a quiet end: the client must not take half an answer for a whole one.
    this.socket.resetAndDestroy();
  }

  tunnelled(): void {
    const { pending } = this;
    this.pending = undefined;
    if (pending) this.exchange?.takeBody(pending);
  }

  private onData(chunk: Buffer): void {
    if (this.over) return;
    const bytes = this.pending === undefined ? chunk : Buffer.concat([this.pending, chunk]);
    this.pending = undefined;
    try {
      if (this.exchange) this.keep(bytes, this.exchange.takeBody(bytes));
      else this.begin(bytes);
    } catch (error) {
      if (!(error instanceof HeadError || error instanceof RangeError)) throw error;
      this.exchange?.clientGone();
      this.refuse(400, error.message);
    }
  }

  /** Keeps what belongs to a later request. */
  private keep(bytes: Buffer, from: number): void {
    if (from >= bytes.length) return;
    this.pending = from === 0 ? bytes : bytes.subarray(from);
    if (this.pending.length > mostPending) this.socket.pause();
  }

  private begin(bytes: Buffer): void {
    const end = bytes.indexOf(headEnd);
    if (end < 0) {
      if (bytes.length > longestHead)
        return this.refuse(431, `the request head is longer than ${longestHead} bytes`);
      this.pending = bytes;
      return;
    }
    const text = bytes.toString('latin1', 0, end);
    const head = parseRequestHead(text);
    const target = this.router(head, text);
    if ('detail' in target) return this.refuse(target.status, target.detail, head.method);
    const placeholder = target.route?.state.placeholder;
    if (target.route && placeholder && target.backends.size === 0) {
      return this.answerPlaceholder(target.route, placeholder, head.method);
    }
    const exchange = new Exchange(this, head, target);
    this.exchange = exchange;
    this.active.add(exchange);
    const bodyEnd = exchange.start(bytes, end + headEnd.length);
    // Answered already: then what follows is none of its business.
    if (this.exchange === exchange || bodyEnd < bytes.length) this.keep(bytes, bodyEnd);
  }

  private answerPlaceholder(
    route: Route,
    placeholder: NonNullable<RouteState['placeholder']>,
    method: string,
  ): void {
    const { body, headers, status } = placeholder;
    route.begin(0);
    route.end(method, status, 0);
    this.over = true;
    this.socket.end(response(status, headers, body, method, false));
  }

  private onClientEnd(): void {
    this.clientEnded = true;
    if (this.exchange) this.exchange.clientEnded();
    else this.socket.end();
  }

  private close(): void {
    this.over = true;
    const { exchange } = this;
    this.exchange = undefined;
    if (!exchange) return;
    this.active.delete(exchange);
    exchange.clientGone();
  }
}
