import type { Expectation, RequestEvidence } from './evidence';
import type { HttpAnswer, HttpCall } from './http';

/** What a plan may do. It is a client of the Kubernetes API and of the services' endpoints, like any other. */
export interface PlanContext {
  /** Ends the tour early. */
  readonly signal: AbortSignal;
  /** One request; never rejects. */
  call(options: HttpCall): Promise<HttpAnswer>;
  /** Throws when the answer is not 2xx. */
  mustCall(options: HttpCall): Promise<HttpAnswer>;
  /** Writes JSON values to a topic. */
  produce(topic: string, values: readonly object[]): Promise<void>;
  /** Waits that long, or until the tour ends. */
  pause(milliseconds: number): Promise<void>;
  /** Records what is put on the workload from now on. */
  load(description: string, amount?: { readonly count?: number; readonly rate?: number }): void;
  /** Tests an expectation while `work` runs: the stretch from its begin to its end. */
  expecting(expectation: Expectation, work: () => Promise<void>): Promise<void>;
  /** Resolves when the Deployment has that many replicas and as many ready, or when the time is over. */
  replicas(count: number, timeoutMs: number): Promise<boolean>;
  /** SIGKILLs one ready pod of the Deployment (delete with grace 0). False when there is none. */
  killPod(): Promise<boolean>;
  /** A new id for a message; it travels in the payload as `tour`, so that a message enqueued twice shows as a duplicate. */
  newId(): string;
  /** The service has taken these: from now on they must be stored once each. */
  sent(ids: readonly string[]): void;
  /** Resolves when everything sent is stored, or the time is over. */
  stored(timeoutMs: number): Promise<boolean>;
  requests(evidence: RequestEvidence): void;
  /** From now on this plan puts no load on anything: plans that run alone may begin. */
  quiet(): void;
}

/** One workload's way through activation, out and in. Expectations are literals, from arithmetic done before the run. */
export interface Plan {
  /** Name of the Deployment and of its ScaledObject or HorizontalPodAutoscaler. */
  readonly name: string;
  readonly namespace: string;
  readonly expectations: readonly Expectation[];
  run(context: PlanContext): Promise<void>;
  /** Where its messages end: a table, and the attribute that holds the payload as JSON. */
  readonly store?: { readonly table: string; readonly payload: string };
  /** Begins once all others are quiet: its signal is the machine's own CPU. */
  readonly alone?: boolean;
}
