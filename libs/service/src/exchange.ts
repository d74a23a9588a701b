import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HotRequest } from './hot-route';
import type { Reply } from './reply';
import type { RequestContext } from './request-context';

/** One request on its way through a hot route. */
export class Exchange implements HotRequest {
  readonly startedAt = performance.now();
  #gone: AbortController | undefined;

  constructor(
    readonly raw: IncomingMessage,
    readonly response: ServerResponse,
    readonly context: RequestContext,
    readonly path: string,
    readonly query: string,
  ) {}

  get signal(): AbortSignal {
    if (!this.#gone) {
      const gone = (this.#gone = new AbortController());
      this.response.once('close', () => gone.abort());
      if (this.response.destroyed) gone.abort();
    }
    return this.#gone.signal;
  }

  /** Whether somebody still waits for the answer. */
  get open(): boolean {
    return !this.response.destroyed;
  }

  /** Head and body in one write. `last` closes the connection after it. */
  send(reply: Reply, last: boolean): void {
    sendReply(this.response, reply, this.context.requestId, last);
  }
}

export function sendReply(response: ServerResponse, reply: Reply, requestId: string, last: boolean): void {
  const { status, type, body } = reply;
  const bodyless = status === 204 || status === 304;
  const head = ['x-request-id', requestId];
  if (!bodyless) head.push('content-type', type, 'content-length', String(Buffer.byteLength(body)));
  if (reply.headers) for (const [name, value] of Object.entries(reply.headers)) head.push(name, value);
  if (last) head.push('connection', 'close');
  response.writeHead(status, head);
  if (bodyless) response.end();
  else response.end(body);
}
