import type { IncomingMessage } from 'node:http';
import type { Logger } from '@scalelab/logging';
import { headerOf } from './header';
import { acceptedRequestId, randomHex } from './request-id';
import { childTraceparent, parseTraceparent, type Traceparent } from './traceparent';

/** What belongs to one request: its id, its trace, and a logger that names both. */
export class RequestContext {
  /** The caller's `x-request-id`, else a new one. */
  readonly requestId: string;
  /** The caller's trace, else a new one; where both are new they are the same 32 hex digits. */
  readonly traceId: string;
  /** What the caller sent; undefined when the trace begins here. */
  readonly parent: Traceparent | undefined;
  readonly #request: IncomingMessage;
  readonly #logger: Logger;
  #child: Logger | undefined;

  constructor(request: IncomingMessage, logger: Logger) {
    this.#request = request;
    this.#logger = logger;
    const accepted = acceptedRequestId(headerOf(request, 'x-request-id'));
    this.requestId = accepted ?? randomHex(16);
    this.parent = parseTraceparent(headerOf(request, 'traceparent'));
    this.traceId = this.parent?.traceId ?? (accepted === undefined ? this.requestId : randomHex(16));
  }

  /** A W3C header for a call made on behalf of this request: same trace, a span of its own, the caller's flags. */
  traceparent(): string {
    return childTraceparent({ traceId: this.traceId, flags: this.parent?.flags ?? '00' });
  }

  get logger(): Logger {
    this.#child ??= this.#logger.child({ requestId: this.requestId, traceId: this.traceId });
    return this.#child;
  }

  /** Headers for a call to another service on behalf of this request. */
  forwardHeaders(): Record<string, string> {
    const tracestate = headerOf(this.#request, 'tracestate');
    return {
      'x-request-id': this.requestId,
      traceparent: this.traceparent(),
      ...(tracestate === undefined ? {} : { tracestate }),
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
