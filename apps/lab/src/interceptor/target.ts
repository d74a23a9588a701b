import type { BackendSet } from './backend-set';
import type { RequestHead } from './http-head';
import type { Route } from './route';

/** Where a request goes. */
export interface Target {
  readonly backends: BackendSet;
  /** Counted and held on its account; absent for a plain Service. */
  readonly route?: Route;
  /** Longest wait for a ready endpoint, ms; 0 = no limit; undefined = do not wait at all. */
  readonly holdMs: number | undefined;
  readonly fallback?: BackendSet | undefined;
}

export interface Refusal {
  readonly status: number;
  readonly detail: string;
}

/** Chooses the target of each request of a listener. */
export type Router = (head: RequestHead, text: string) => Target | Refusal;
