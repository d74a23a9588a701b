import type { IncomingMessage } from 'node:http';
import type { Reply } from './reply';
import type { RequestContext } from './request-context';

/** What a hot route gets to see. */
export interface HotRequest {
  /** Everything after the `?`, undecoded; empty without one. */
  readonly query: string;
  readonly context: RequestContext;
  readonly raw: IncomingMessage;
  /** Aborts when the client is gone; made on first use. */
  readonly signal: AbortSignal;
}

export type HotHandler = (request: HotRequest) => Reply | Promise<Reply>;

/**
 * GET routes with a fixed path that are answered before Express: request id, trace, access log, metrics and problem
 * JSON are the same as on every other route, at a third of the cost. Key: the path.
 */
export type HotRoutes = Readonly<Record<`/${string}`, HotHandler>>;
