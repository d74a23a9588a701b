/**
 * What a source answered, before any rule is applied to it. Whoever does the I/O fills one of these per query; every
 * number that a person would argue about is computed from it by `trigger.evaluate`.
 */
export type TriggerObservation =
  | UnreachableObservation
  | SqsObservation
  | KafkaObservation
  | HttpObservation
  | MetricsApiEndpointsObservation
  | PodsObservation
  | InterceptorObservation
  | ClockObservation;

/** The question got no answer at all: refused connection, time-out, error of the SDK. `message` is passed on as it is. */
export interface UnreachableObservation {
  readonly kind: 'unreachable';
  readonly message: string;
}

/** `GetQueueAttributes` of aws-sqs-queue: attribute name to its value as text, as the service sends it. */
export interface SqsObservation {
  readonly kind: 'sqs';
  readonly attributes: Readonly<Record<string, string>>;
}

/** Offset, or an error of the broker for that partition. `null`: the answer leaves the partition out. */
export type PartitionOffset = number | null | { readonly error: string };

/**
 * Offsets of a consumer group. Topics and partitions are those the broker describes; without a `topic` in the
 * metadata, those of the group. A committed offset of -1 means that nothing is committed.
 */
export interface KafkaObservation {
  readonly kind: 'kafka';
  readonly latest: Readonly<Record<string, readonly PartitionOffset[]>>;
  readonly committed: Readonly<Record<string, readonly PartitionOffset[]>>;
  /** An error of the whole OffsetFetch answer, in the broker's words. */
  readonly committedError?: string;
  /** An error of the topic's metadata, in the broker's words. */
  readonly topicError?: string;
}

/** The HTTP answer of prometheus or of metrics-api. */
export interface HttpObservation {
  readonly kind: 'http';
  readonly status: number;
  readonly body: string;
}

/** metrics-api with aggregateFromKubeServiceEndpoints: one answer an endpoint. */
export interface MetricsApiEndpointsObservation {
  readonly kind: 'endpoints';
  readonly answers: readonly (HttpObservation | UnreachableObservation)[];
}

/** Pods of the namespace for kubernetes-workload; the selector is applied here. */
export interface PodsObservation {
  readonly kind: 'pods';
  readonly pods: readonly { readonly labels: Readonly<Record<string, string>>; readonly phase: string }[];
}

/** What the scaler of the HTTP add-on knows of one route: see `routeCounts`, which computes it from the interceptors. */
export interface InterceptorObservation {
  readonly kind: 'interceptor';
  /** Requests in flight or waiting, over all interceptors. */
  readonly concurrency: number;
  /** Requests a second over the route's window. */
  readonly requestRate: number;
}

/** Triggers that need nothing but the time (cron) or nothing at all (cpu, memory). */
export interface ClockObservation {
  readonly kind: 'clock';
}
