import { parseDurationMs } from '../go/duration';
import { emptyRateWindow, type RateWindow, recordRequests, windowAverage } from './rate-window';
import { type InterceptorRouteMetrics } from './trigger';

/** One interceptor's counts of a route: a gauge of requests in flight or waiting, and a counter of all requests. */
export interface InterceptorCounts {
  readonly concurrency: number;
  readonly requestCount: number;
}

/** Counts by pod; null: the pod is listed but did not answer. */
export type InterceptorPods = Readonly<Record<string, InterceptorCounts | null>>;

export interface RouteCountsState {
  readonly pods: Readonly<Record<string, InterceptorCounts>>;
  readonly window: RateWindow;
}

const defaultWindowMs = 60_000;
const defaultGranularityMs = 1000;

function durationOf(text: string | undefined, fallbackMs: number): number {
  const ms = text === undefined ? undefined : parseDurationMs(text);
  return ms !== undefined && ms > 0 ? ms : fallbackMs;
}

/** The empty memory of a route. A changed window or granularity begins anew. */
export function beginRouteCounts(metrics: InterceptorRouteMetrics): RouteCountsState {
  const { window, granularity } = metrics.requestRate ?? {};
  return {
    pods: {},
    window: emptyRateWindow(
      durationOf(window, defaultWindowMs),
      durationOf(granularity, defaultGranularityMs),
    ),
  };
}

/**
 * One round of asking all interceptors (KEDA's scaler does it every 500 ms): concurrency is summed (an unreachable pod
 * counts as it did last), requests since the round before go into the rate window. A pod seen for the first time gives
 * no requests, a counter that fell has been reset and counts whole.
 */
export function stepRouteCounts(
  state: RouteCountsState,
  nowMs: number,
  pods: InterceptorPods,
): { readonly state: RouteCountsState; readonly concurrency: number; readonly requestRate: number } {
  const known: Record<string, InterceptorCounts> = {};
  let concurrency = 0;
  let requests = 0;
  for (const [pod, answer] of Object.entries(pods)) {
    const previous = state.pods[pod];
    const counts = answer ?? previous;
    if (!counts) continue;
    known[pod] = counts;
    concurrency += counts.concurrency;
    if (previous && answer) {
      const grown = answer.requestCount - previous.requestCount;
      requests += grown < 0 ? answer.requestCount : grown;
    }
  }
  const window = recordRequests(state.window, nowMs, requests);
  return { state: { pods: known, window }, concurrency, requestRate: windowAverage(window, nowMs) };
}
