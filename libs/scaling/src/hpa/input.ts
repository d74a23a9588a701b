import type { HpaSpec } from './spec';

/** container -> resource -> quantity. */
export type ContainerResources = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A pod as the HPA controller sees it. Ages are seconds before the sync's `nowMs`; fractions are kept to 1 ms. */
export interface HpaPod {
  readonly name: string;
  /** `status.phase`. Default `Running`. */
  readonly phase?: string;
  /** Status of the Ready condition; `'Unknown'` is neither; null: there is no such condition. Default true. */
  readonly ready?: boolean | 'Unknown' | null;
  /** Since the Ready condition's lastTransitionTime. */
  readonly readySinceSecondsAgo?: number | null;
  /** Since `status.startTime`; null or absent: it has none. */
  readonly startedSecondsAgo?: number | null;
  /** Has a deletionTimestamp. Default false. */
  readonly deleted?: boolean;
  /** From the pod metrics API; absent: the API has no entry for this pod. */
  readonly usage?: ContainerResources;
  readonly metricAgeSeconds?: number;
  readonly metricWindowSeconds?: number;
  /** For metrics of type Pods: metric name -> quantity. */
  readonly podMetrics?: Readonly<Record<string, string>>;
  /** Requests of the pod's containers; absent: the ones given to `init`. */
  readonly requests?: ContainerResources;
  /** Requests of the pod as a whole (`spec.resources.requests`). Used in place of the containers' sum where set. */
  readonly podLevelRequests?: Readonly<Record<string, string>>;
}

/** Something that happened to the HPA or to the controller, from outside, since the step before. Times as `nowMs`. */
export interface HpaChange {
  /** The HPA's spec was replaced. */
  readonly hpa?: HpaSpec;
  /** The controller restarted: its memory is gone, the HPA's status is not. */
  readonly controllerRestartedAtMs?: number;
  /** The HPA was deleted. Its memory goes only if it is still missing when its sync is due. */
  readonly hpaDeletedAtMs?: number;
  /** The HPA was created again, with an empty status. */
  readonly hpaRecreatedAtMs?: number;
}

/** All that one sync reads, in the shape of a conformance tick's `input`. */
export interface HpaInput {
  /** `spec.replicas` of the scale subresource. */
  readonly specReplicas: number;
  /** `status.replicas` of the scale subresource. */
  readonly statusReplicas: number;
  /** `status.selector` of the scale; "" is an error of the workload. Default: a usable one. */
  readonly selector?: string;
  /** Names of all HPAs whose selectors match the pods, this one included; more than one is an error. Default this one. */
  readonly selectingHpas?: readonly string[];
  /** name -> quantities as external.metrics.k8s.io returned them; an empty list, or no entry, is an error of the metric. */
  readonly externalMetrics?: Readonly<Record<string, readonly string[]>>;
  /** name -> quantity as custom.metrics.k8s.io returned it for an Object metric. */
  readonly objectMetrics?: Readonly<Record<string, string>>;
  /** name -> error text of that API call; `resource` is the pod metrics API as a whole. */
  readonly metricErrors?: Readonly<Record<string, string>>;
  /** Error text: the scale could not be read. */
  readonly scaleGetError?: string;
  /** Error text: the scale could not be updated (not a conflict: those are retried). */
  readonly scaleUpdateError?: string;
  /** All pods that match the selector. Default none. */
  readonly pods?: readonly HpaPod[];
  /** Applied before anything else is read. */
  readonly change?: HpaChange;
}
