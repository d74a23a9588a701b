/** What the model gives the autoscaler to read, where a trigger leaves it open (prometheus, metrics-api). */
export type ModelSignal = 'backlog' | 'waiting' | 'inFlight' | 'arrivalRate' | 'servedRate';

/** How the scaled program works. Load is then what arrives: items (messages, requests) a second. */
export interface WorkloadModel {
  /** Seconds that one item takes. Default 1. */
  readonly serviceSeconds: number;
  /** Items that are worked on at a time, by each pod. Default 1. */
  readonly concurrency: number;
  /** Whose limit `concurrency` is. `partition`: however many pods share them (Kafka; needs `partitions`). Default `pod`. */
  readonly concurrencyOf: 'pod' | 'partition';
  /** Seconds from a pod's creation until its program runs. Default 2. */
  readonly startUpSeconds: number;
  /** Seconds from then until the pod is Ready and takes items. Default 1. */
  readonly readinessSeconds: number;
  /** Kafka partitions: no more pods than these have work. Default: no limit (for the trigger, maxReplicaCount). */
  readonly partitions: number | null;
  /** Seconds until items of a pod that died are seen again (SQS: what is left of the visibility timeout). Default 0. */
  readonly redeliverySeconds: number;
  /** Share of items, 0 to below 1, that fail when done and come back. Default 0. */
  readonly failureRate: number;
  /** Milli-CPU that an item takes while it is worked on, for cpu metrics. Default: a pod with all hands busy uses its whole request. */
  readonly cpuMilliPerItem: number | null;
  /** Default: by trigger; prometheus reads arrivalRate where its query has rate( or increase(, else backlog. */
  readonly signal: ModelSignal | null;
  /** What a rate is multiplied with to be the query's value, as 60 for `increase(...[1m])`. Default 1, or by the query's window. */
  readonly signalScale: number | null;
  /** Items in the queue at the start. Default 0. */
  readonly initialBacklog: number;
}

export const defaultModel: WorkloadModel = Object.freeze({
  serviceSeconds: 1,
  concurrency: 1,
  concurrencyOf: 'pod',
  startUpSeconds: 2,
  readinessSeconds: 1,
  partitions: null,
  redeliverySeconds: 0,
  failureRate: 0,
  cpuMilliPerItem: null,
  signal: null,
  signalScale: null,
  initialBacklog: 0,
});
