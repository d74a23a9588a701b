import { rawLines, type Logger } from '@scalelab/logging';
import type { Metrics } from '@scalelab/metrics';
import type { RequestContext } from './request-context';

/** A request that has come to its end. */
export interface Finished {
  readonly context: RequestContext;
  readonly method: string;
  /** Without the query, which may hold secrets. */
  readonly path: string;
  /** The route's template; `(unmatched)` when there is none. */
  readonly route: string;
  /** 499 when the client left before the answer was complete. */
  readonly status: number;
  /** performance.now() at its beginning. */
  readonly startedAt: number;
}

export const unmatched = '(unmatched)';
export const clientGone = 499;

const needsEscape = /[^ -~]|["\\]/;

/** Counts and logs every request that is not a probe or a scrape. */
export function requestObserver(logger: Logger, metrics: Metrics): (finished: Finished) => void {
  const write = rawLines(logger);
  return ({ context, method, path, route, status, startedAt }) => {
    const took = performance.now() - startedAt;
    metrics.http.observe(route, method, status, took / 1000);
    if (!write) return;
    const shownPath = needsEscape.test(path) ? JSON.stringify(path) : `"${path}"`;
    write(
      `,"requestId":"${context.requestId}","traceId":"${context.traceId}","method":"${method}"` +
        `,"path":${shownPath},"route":"${route}","status":${status},"ms":${Math.round(took * 100) / 100}`,
      'request',
    );
  };
}
