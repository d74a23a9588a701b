import {
  sameJson,
  apiErrors,
  groupResource,
  keyOf,
  objectKey,
  type DeleteOptions,
  type KubeList,
  type KubeObject,
  type ListOptions,
  type PatchOptions,
  type PatchType,
  type ResourceType,
  type Scale,
} from '@scalelab/kube';
import type { Admission, AdmissionContext } from './admission';
import { deletionStep, isReleased } from './deletion';
import { EventLog, type StoreEvent } from './event-log';
import { frozenCopy } from './frozen-copy';
import { generatedName } from './generated-name';
import { KindTable } from './kind-table';
import { newObject } from './new-object';
import {
  checkImmutable,
  checkName,
  checkNamespace,
  checkShape,
  checkVersion,
  keptMetadata,
  specChanged,
} from './object-rules';
import { patchedObject } from './patch/apply-patch';
import { scaleOf, withReplicas } from './scale';
import { selection } from './selection';
import { builtInKinds, type ServedKind } from './served-kind';
import { WatchCursor } from './watch-cursor';

export interface ObjectStoreOptions {
  /** Default: every kind of libs/manifests. */
  readonly kinds?: KindTable;
  /** Asked in order about each written object. Default none. */
  readonly admission?: readonly Admission[];
  /** Changes kept a resource for watchers that resume. Default 1,000. */
  readonly keptEvents?: number;
  /** Milliseconds since the epoch. Default Date.now. */
  readonly now?: () => number;
}

export interface WriteOptions {
  /** Do everything but the write. */
  readonly dryRun?: boolean;
  /** Default `Strict`. */
  readonly fieldValidation?: AdmissionContext['fieldValidation'];
}

export interface CursorOptions extends ListOptions {
  /** Begin after this version. Absent: with the present objects. */
  readonly resourceVersion?: string;
}

interface Bucket {
  readonly objects: Map<string, KubeObject>;
  readonly log: EventLog;
}

/**
 * The objects of the lab: unstructured, deeply frozen, under one resourceVersion that every write raises. All calls are synchronous
 * and refuse with KubeApiError; nothing outside may change an object, so that one copy serves all readers.
 */
export class ObjectStore {
  readonly kinds: KindTable;
  private readonly buckets = new Map<string, Bucket>();
  private readonly now: () => number;
  private version = 0;

  constructor(private readonly options: ObjectStoreOptions = {}) {
    this.kinds = options.kinds ?? new KindTable(builtInKinds());
    this.now = options.now ?? Date.now;
  }

  /** The version of the newest write. */
  get resourceVersion(): string {
    return String(this.version);
  }

  get(type: ResourceType, namespace: string | undefined, name: string): KubeObject {
    this.kinds.served(type);
    const object = this.bucket(type).objects.get(keyOf(type.namespaced ? namespace : undefined, name));
    if (object === undefined) throw apiErrors.notFound(type, name);
    return object;
  }

  /** In order of namespace and name. */
  list(type: ResourceType, options: ListOptions = {}): KubeList {
    this.kinds.served(type);
    const matches = selection(options);
    const items = [...this.bucket(type).objects.entries()]
      .filter(([, object]) => matches(object))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
    return { resourceVersion: this.resourceVersion, items };
  }

  /** @throws KubeApiError 410 when changes after the version asked for have been forgotten, or it is of another life of the store */
  watch(type: ResourceType, options: CursorOptions = {}): WatchCursor {
    this.kinds.served(type);
    const { log } = this.bucket(type);
    const matches = selection(options);
    if (options.resourceVersion === undefined) {
      return new WatchCursor(log, log.end(), matches, this.list(type, options).items);
    }
    const from = Number(options.resourceVersion);
    if (!Number.isSafeInteger(from) || from < 0) {
      throw apiErrors.badRequest(
        `resourceVersion: expected a whole number, got "${options.resourceVersion}"`,
      );
    }
    if (from > this.version)
      throw apiErrors.expired(`too large resource version: ${from}, current: ${this.version}`);
    return new WatchCursor(log, log.positionAfter(from), matches);
  }

  create(type: ResourceType, given: unknown, options: WriteOptions = {}): KubeObject {
    const kind = this.kinds.served(type);
    checkShape(type, given);
    const { resourceVersion, uid: _uid, ...meta } = given.metadata;
    if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== '0') {
      throw apiErrors.badRequest('resourceVersion should not be set on objects to be created');
    }
    const named = { ...given, metadata: { ...meta, name: this.nameFor(type, given) } };
    checkName(type, named.metadata.name);
    const { namespace, name } = named.metadata;
    if (type.namespaced) {
      if (namespace === undefined || namespace === '')
        throw apiErrors.badRequest('metadata.namespace: required');
      checkNamespace(type, this.bucket(namespaceType).objects.get(namespace), namespace, name);
    } else if (namespace !== undefined)
      throw apiErrors.badRequest(`metadata.namespace: ${type.kind} has no namespace`);
    if (this.bucket(type).objects.has(keyOf(namespace, name))) throw apiErrors.alreadyExists(type, name);
    const admitted = this.admit(named, { operation: 'CREATE', type, old: undefined, ...validation(options) });
    return this.commit(type, 'ADDED', newObject(kind, admitted, this.now()), undefined, options);
  }

  /** Everything but status, where the kind has one. */
  update(type: ResourceType, given: unknown, options: WriteOptions = {}): KubeObject {
    const kind = this.kinds.served(type);
    checkShape(type, given);
    const old = this.get(type, given.metadata.namespace, given.metadata.name);
    checkVersion(type, old, given.metadata);
    return this.replace(kind, old, given, options);
  }

  /** Only status. */
  updateStatus(type: ResourceType, given: unknown, options: WriteOptions = {}): KubeObject {
    const kind = this.kinds.served(type);
    checkShape(type, given);
    const old = this.get(type, given.metadata.namespace, given.metadata.name);
    checkVersion(type, old, given.metadata);
    return this.replaceStatus(kind, old, given.status, options);
  }

  /** Server-side apply creates what is absent. A patch of `scale` is the caller's matter: see `updateScale`. */
  patch(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    options: PatchOptions & WriteOptions = {},
  ): KubeObject {
    const kind = this.kinds.served(type);
    const patchType = options.type ?? 'merge';
    const present = this.bucket(type).objects.get(keyOf(type.namespaced ? namespace : undefined, name));
    if (present === undefined) {
      if (patchType !== 'apply' || options.subresource !== undefined) throw apiErrors.notFound(type, name);
      return this.create(type, withName(patch, namespace, name), options);
    }
    const patched = patchedObject(kind, present, patch, patchType);
    checkShape(type, patched);
    checkVersion(type, present, patched.metadata);
    if (
      patched.metadata.name !== name ||
      (type.namespaced && patched.metadata.namespace !== present.metadata.namespace)
    ) {
      throw apiErrors.badRequest(
        `metadata: the patch names "${objectKey(patched)}", the request "${objectKey(present)}"`,
      );
    }
    return options.subresource === 'status'
      ? this.replaceStatus(kind, present, patched.status, options)
      : this.replace(kind, present, patched, options);
  }

  /** Returns the object as it was last; `removed` is false while finalizers or a grace period hold it. */
  delete(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions & WriteOptions = {},
  ): { readonly object: KubeObject; readonly removed: boolean } {
    const kind = this.kinds.served(type);
    const old = this.get(type, namespace, name);
    checkVersion(type, old, options.preconditions ?? {});
    const step = deletionStep(kind, old, options, this.now());
    if (step.kind === 'none') return { object: old, removed: false };
    if (step.kind === 'remove')
      return { object: this.commit(type, 'DELETED', old, old, options), removed: true };
    return { object: this.commit(type, 'MODIFIED', step.object, old, options), removed: false };
  }

  getScale(type: ResourceType, namespace: string, name: string): Scale {
    return scaleOf(this.scalePaths(type), this.get(type, namespace, name));
  }

  updateScale(
    type: ResourceType,
    namespace: string,
    name: string,
    specReplicas: number,
    resourceVersion?: string,
    options: WriteOptions = {},
  ): Scale {
    const paths = this.scalePaths(type);
    if (!Number.isInteger(specReplicas) || specReplicas < 0) {
      throw apiErrors.invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
        {
          reason: 'FieldValueInvalid',
          field: 'spec.replicas',
          message: `Invalid value: ${specReplicas}: must be a whole number greater than or equal to 0`,
        },
      ]);
    }
    const old = this.get(type, namespace, name);
    checkVersion(type, old, resourceVersion === undefined ? {} : { resourceVersion });
    return scaleOf(
      paths,
      this.replace(this.kinds.served(type), old, withReplicas(paths, old, specReplicas), options),
    );
  }

  /** What a patch makes of an object that is only shown, such as a Scale. Nothing is written. */
  patched(shown: KubeObject, patch: unknown, type: PatchType): unknown {
    return patchedObject({ mergeSchema: {} }, shown, patch, type);
  }

  private scalePaths(type: ResourceType): NonNullable<ServedKind['scale']> {
    const { scale } = this.kinds.served(type);
    if (scale === undefined) throw apiErrors.noSuchPath();
    return scale;
  }

  private nameFor(type: ResourceType, object: KubeObject): string {
    const { name, generateName, namespace } = object.metadata;
    if (name || !generateName) return name ?? '';
    for (let attempt = 0; attempt < 8; attempt++) {
      const candidate = generatedName(generateName);
      if (!this.bucket(type).objects.has(keyOf(namespace, candidate))) return candidate;
    }
    throw apiErrors.alreadyExists(type, generateName);
  }

  private admit(object: KubeObject, context: AdmissionContext): KubeObject {
    return (this.options.admission ?? []).reduce((current, admission) => admission(current, context), object);
  }

  private replace(kind: ServedKind, old: KubeObject, wanted: KubeObject, options: WriteOptions): KubeObject {
    const { type } = kind;
    // Status is out of an update's reach: it neither sets nor drops it.
    const { status: _given, ...rest } = wanted;
    const draft =
      kind.hasStatus && old.status !== undefined
        ? { ...rest, status: old.status }
        : kind.hasStatus
          ? rest
          : wanted;
    const admitted = this.admit(draft, { operation: 'UPDATE', type, old, ...validation(options) });
    checkImmutable(kind, old, admitted);
    const changed = specChanged(old, admitted);
    const generation = old.metadata.generation;
    const next = {
      ...admitted,
      metadata: keptMetadata(
        old.metadata,
        admitted.metadata,
        generation === undefined ? undefined : generation + (changed ? 1 : 0),
      ),
    };
    if (isReleased(next)) return this.commit(type, 'DELETED', next, old, options);
    return this.commit(type, 'MODIFIED', next, old, options);
  }

  private replaceStatus(
    kind: ServedKind,
    old: KubeObject,
    status: unknown,
    options: WriteOptions,
  ): KubeObject {
    if (!kind.hasStatus) throw apiErrors.noSuchPath();
    return this.commit(kind.type, 'MODIFIED', { ...old, status }, old, options);
  }

  private commit(
    type: ResourceType,
    change: StoreEvent['type'],
    object: KubeObject,
    previous: KubeObject | undefined,
    options: WriteOptions,
  ): KubeObject {
    // A write that changes nothing is no event: controllers that write what is already there must not wake each other forever.
    if (change === 'MODIFIED' && previous !== undefined && sameJson(object, previous)) return previous;
    const version = this.version + (options.dryRun ? 0 : 1);
    const metadata = { ...object.metadata, resourceVersion: String(version) };
    const stored = frozenCopy({ ...object, metadata });
    if (options.dryRun) return stored;
    this.version = version;
    const { objects, log } = this.bucket(type);
    if (change === 'DELETED') objects.delete(objectKey(stored));
    else objects.set(objectKey(stored), stored);
    log.append({ version, type: change, object: stored, previous });
    return stored;
  }

  private bucket(type: Pick<ResourceType, 'group' | 'plural'>): Bucket {
    const resource = groupResource(type);
    let bucket = this.buckets.get(resource);
    if (bucket === undefined) {
      // Nothing of this resource has happened yet, so a watch from any version can be answered.
      bucket = { objects: new Map(), log: new EventLog(this.options.keptEvents ?? 1000, 0) };
      this.buckets.set(resource, bucket);
    }
    return bucket;
  }
}

const namespaceType = { group: '', plural: 'namespaces' };

const validation = (options: WriteOptions): Pick<AdmissionContext, 'fieldValidation'> => ({
  fieldValidation: options.fieldValidation ?? 'Strict',
});

function withName(patch: unknown, namespace: string | undefined, name: string): unknown {
  if (patch === null || typeof patch !== 'object') return patch;
  const metadata: unknown = 'metadata' in patch ? patch.metadata : undefined;
  const given = metadata !== null && typeof metadata === 'object' ? metadata : {};
  return { ...patch, metadata: { ...given, name, ...(namespace === undefined ? {} : { namespace }) } };
}
