import type { IncomingMessage } from 'node:http';
import type { Logger } from '@scalelab/logging';
import { acceptedRequestId, randomHex } from './request-id';
import { childTraceparent, parseTraceparent, type Traceparent } from './traceparent';

/** What belongs to one request: its id, its trace, and a logger that names both. */
export class RequestContext {
  /** The caller's `x-request-id`, else a new one. */
  readonly requestId: string;
  readonly #request: IncomingMessage;
  readonly #logger: Logger;
  #trace: Traceparent | undefined;
  #child: Logger | undefined;

  constructor(request: IncomingMessage, logger: Logger) {
    this.#request = request;
    this.#logger = logger;
    this.requestId = acceptedRequestId(request.headers['x-request-id']) ?? randomHex(16);
  }

  /** The caller's trace, else a new one whose id is the request id where that is one of 32 hex digits. */
  get trace(): Traceparent {
    this.#trace ??= parseTraceparent(this.#request.headers.traceparent) ?? {
      traceId: /^(?!0{32})[0-9a-f]{32}$/.test(this.requestId) ? this.requestId : randomHex(16),
      parentId: randomHex(8),
      flags: '00',
    };
    return this.#trace;
  }

  /** Whether the caller sent a traceparent at all; the trace itself is only read or made when somebody asks. */
  get traced(): boolean {
    return this.#trace !== undefined || this.#request.headers.traceparent !== undefined;
  }

  get logger(): Logger {
    this.#child ??= this.#logger.child({ requestId: this.requestId, traceId: this.trace.traceId });
    return this.#child;
  }

  /** Headers for a call to another service on behalf of this request. */
  forwardHeaders(): Record<string, string> {
    const { tracestate } = this.#request.headers;
    return {
      'x-request-id': this.requestId,
      traceparent: childTraceparent(this.trace),
      ...(typeof tracestate === 'string' ? { tracestate } : {}),
    };
  }
}

const contexts = new WeakMap<IncomingMessage, RequestContext>();

export function keepContext(request: IncomingMessage, context: RequestContext): void {
  contexts.set(request, context);
}

/** The context of a request that came through `createApp`. */
export function contextOf(request: IncomingMessage): RequestContext {
  const context = contexts.get(request);
  if (!context) throw new TypeError('the request did not come through createApp');
  return context;
}
