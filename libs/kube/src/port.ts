/**
 * The Kubernetes API as scalelab's controllers, tour and console see it. Two implementations: over HTTP (any cluster, the lab
 * included) and in process (inside the lab). Callers cannot tell them apart.
 */

/** A resource type of the API, for example `{ group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment', namespaced: true }`. */
export interface ResourceType {
  /** API group; the core group is `''`. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  readonly name: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly [key: string]: unknown;
}

/** An object as the API carries it: unstructured beyond its metadata. Treat as frozen. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [key: string]: unknown;
}

export interface KubeList<T extends KubeObject = KubeObject> {
  readonly resourceVersion: string;
  readonly items: readonly T[];
}

export type WatchEvent<T extends KubeObject = KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: T }
  | { readonly type: 'ERROR'; readonly status: ApiStatus };

/** The machine-readable part of a Kubernetes `Status` answer. */
export interface ApiStatus {
  readonly code: number;
  /** Kubernetes' word: NotFound, AlreadyExists, Conflict, Invalid, Expired, Forbidden, ... */
  readonly reason: string;
  readonly message: string;
  readonly details?: unknown;
}

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface WatchOptions extends ListOptions {
  /** Start after this version; absent: begin with the present objects as ADDED. An expired one ends in an ERROR event with code 410. */
  readonly resourceVersion?: string;
  readonly signal: AbortSignal;
}

export type PatchType = 'merge' | 'json' | 'strategic' | 'apply';

export interface PatchOptions {
  readonly type?: PatchType;
  readonly subresource?: 'status' | 'scale';
  readonly fieldManager?: string;
  readonly force?: boolean;
}

export interface DeleteOptions {
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  /** Seconds; 0 = at once. Absent: the object's own. */
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

/** `autoscaling/v1` Scale of a workload. */
export interface Scale {
  readonly specReplicas: number;
  readonly statusReplicas: number;
  /** The label selector as text; `''` when the workload has none. */
  readonly selector: string;
  readonly resourceVersion: string;
}

export interface KubeClient {
  /** @throws KubeApiError with reason NotFound */
  get<T extends KubeObject = KubeObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): Promise<T>;
  list<T extends KubeObject = KubeObject>(type: ResourceType, options?: ListOptions): Promise<KubeList<T>>;
  watch<T extends KubeObject = KubeObject>(
    type: ResourceType,
    options: WatchOptions,
  ): AsyncIterable<WatchEvent<T>>;
  create<T extends KubeObject = KubeObject>(type: ResourceType, object: KubeObject): Promise<T>;
  /** Replaces spec and metadata, never status. A stale resourceVersion is a Conflict. */
  update<T extends KubeObject = KubeObject>(type: ResourceType, object: KubeObject): Promise<T>;
  updateStatus<T extends KubeObject = KubeObject>(type: ResourceType, object: KubeObject): Promise<T>;
  patch<T extends KubeObject = KubeObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    options?: PatchOptions,
  ): Promise<T>;
  delete(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): Promise<void>;
  getScale(type: ResourceType, namespace: string, name: string): Promise<Scale>;
  /** Sets spec.replicas through the scale subresource. */
  updateScale(
    type: ResourceType,
    namespace: string,
    name: string,
    specReplicas: number,
    resourceVersion?: string,
  ): Promise<Scale>;
}

/** Every refused call of a KubeClient. */
export class KubeApiError extends Error {
  override readonly name = 'KubeApiError';
  constructor(
    readonly status: ApiStatus,
    options?: { cause?: unknown },
  ) {
    super(status.message, options);
  }
  get reason(): string {
    return this.status.reason;
  }
  get code(): number {
    return this.status.code;
  }
}
