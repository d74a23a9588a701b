import { apiErrors } from '../api-error';
import { parseFieldSelector } from '../field-selector';
import { formatLabelSelector, parseLabelSelector, type LabelSelector } from '../label-selector';
import { keyOf } from '../object-key';
import type {
  DeleteOptions,
  KubeClient,
  KubeList,
  KubeObject,
  ListOptions,
  PatchOptions,
  ResourceType,
  Scale,
  WatchEvent,
  WatchOptions,
} from '../port';
import { groupResource, resourceTypeOf } from '../resources';

type Listener = (event: WatchEvent) => void;
type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function merge(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Json = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}

/**
 * Objects in memory behind the KubeClient port, for unit tests of its callers: versions, conflicts, watches, merge patches and
 * scale, but no defaults, finalizers, grace periods or other patch types, which throw. `calls` tells what was asked.
 */
export class FakeKubeClient implements KubeClient {
  /** Every call so far, such as `create pods default/web-1`. */
  readonly calls: string[] = [];
  private readonly objects = new Map<string, Map<string, KubeObject>>();
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly log: {
    readonly version: number;
    readonly resource: string;
    readonly event: WatchEvent;
  }[] = [];
  private version = 0;
  private forgottenVersion = 0;
  private failure: { readonly matches: (call: string) => boolean; readonly error: Error } | undefined;

  /** Starts with these objects. */
  constructor(objects: readonly KubeObject[] = []) {
    for (const object of objects) {
      const type = resourceTypeOf(object);
      if (type === undefined)
        throw new TypeError(`FakeKubeClient: unknown kind ${object.apiVersion} ${object.kind}`);
      this.store(type, object, 'ADDED');
    }
  }

  /** The next call whose text matches is refused with this error. */
  failNext(pattern: RegExp, error: Error): void {
    this.failure = { matches: (call) => pattern.test(call), error };
  }

  /** Forgets old events, so that a watch from before now gets 410. */
  forgetEvents(): void {
    this.log.length = 0;
    this.forgottenVersion = this.version;
    for (const listeners of this.listeners.values()) {
      for (const listener of [...listeners]) {
        listener({ type: 'ERROR', status: apiErrors.expired('too old resource version').status });
      }
    }
  }

  async get<T extends KubeObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): Promise<T> {
    this.record('get', type, keyOf(namespace, name));
    return this.present(type, namespace, name) as T;
  }

  async list<T extends KubeObject>(type: ResourceType, options: ListOptions = {}): Promise<KubeList<T>> {
    this.record('list', type, options.namespace ?? '');
    const items = [...this.bucket(type).values()].filter(matches(options)) as T[];
    return { resourceVersion: String(this.version), items };
  }

  async *watch<T extends KubeObject>(
    type: ResourceType,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>> {
    this.record('watch', type, options.namespace ?? '');
    const fits = matches(options);
    const from = options.resourceVersion === undefined ? this.version : Number(options.resourceVersion);
    const queue: WatchEvent[] = [];
    if (options.resourceVersion === undefined) {
      for (const object of this.bucket(type).values()) queue.push({ type: 'ADDED', object });
    } else if (from < this.forgottenVersion) {
      queue.push({ type: 'ERROR', status: apiErrors.expired(`too old resource version: ${from}`).status });
    }
    for (const entry of this.log) {
      if (entry.version > from && entry.resource === groupResource(type)) queue.push(entry.event);
    }
    let wake: () => void = () => undefined;
    const listener: Listener = (event) => {
      queue.push(event);
      wake();
    };
    const listeners = this.listenersOf(type);
    listeners.add(listener);
    const abort = (): void => wake();
    options.signal.addEventListener('abort', abort);
    try {
      while (!options.signal.aborted) {
        const event = queue.shift();
        if (event === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else if (event.type === 'ERROR') {
          yield event;
          return;
        } else if (fits(event.object)) yield event as WatchEvent<T>;
      }
    } finally {
      listeners.delete(listener);
      options.signal.removeEventListener('abort', abort);
    }
  }

  async create<T extends KubeObject>(type: ResourceType, object: KubeObject): Promise<T> {
    const name = object.metadata.name ?? `${object.metadata.generateName ?? ''}${this.version + 1}`;
    this.record('create', type, keyOf(object.metadata.namespace, name));
    const named = { ...object, metadata: { ...object.metadata, name } };
    if (this.bucket(type).has(keyOf(named.metadata.namespace, name)))
      throw apiErrors.alreadyExists(type, name);
    return this.store(type, named, 'ADDED') as T;
  }

  async update<T extends KubeObject>(type: ResourceType, object: KubeObject): Promise<T> {
    const old = this.checked('update', type, object);
    const { status: _ignored, ...rest } = object;
    return this.store(
      type,
      old.status === undefined ? rest : { ...rest, status: old.status },
      'MODIFIED',
    ) as T;
  }

  async updateStatus<T extends KubeObject>(type: ResourceType, object: KubeObject): Promise<T> {
    const old = this.checked('updateStatus', type, object);
    return this.store(type, { ...old, status: object.status }, 'MODIFIED') as T;
  }

  async patch<T extends KubeObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    options: PatchOptions = {},
  ): Promise<T> {
    this.record(
      options.subresource === undefined ? 'patch' : `patch ${options.subresource}`,
      type,
      keyOf(namespace, name),
    );
    if ((options.type ?? 'merge') !== 'merge')
      throw new TypeError(`FakeKubeClient: no ${options.type} patches`);
    return this.store(type, merge(this.present(type, namespace, name), patch) as KubeObject, 'MODIFIED') as T;
  }

  async delete(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    _options?: DeleteOptions,
  ): Promise<void> {
    this.record('delete', type, keyOf(namespace, name));
    this.store(type, this.present(type, namespace, name), 'DELETED');
  }

  async getScale(type: ResourceType, namespace: string, name: string): Promise<Scale> {
    this.record('getScale', type, keyOf(namespace, name));
    return scaleOf(this.present(type, namespace, name));
  }

  async updateScale(
    type: ResourceType,
    namespace: string,
    name: string,
    specReplicas: number,
    resourceVersion?: string,
  ): Promise<Scale> {
    this.record(`updateScale ${specReplicas}`, type, keyOf(namespace, name));
    const old = this.present(type, namespace, name);
    if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
      throw apiErrors.conflict(type, name);
    }
    return scaleOf(
      this.store(type, merge(old, { spec: { replicas: specReplicas } }) as KubeObject, 'MODIFIED'),
    );
  }

  private record(verb: string, type: ResourceType, key: string): void {
    const call = `${verb} ${groupResource(type)} ${key}`;
    this.calls.push(call);
    if (this.failure?.matches(call)) {
      const { error } = this.failure;
      this.failure = undefined;
      throw error;
    }
  }

  private bucket(type: ResourceType): Map<string, KubeObject> {
    const resource = groupResource(type);
    let bucket = this.objects.get(resource);
    if (bucket === undefined) this.objects.set(resource, (bucket = new Map()));
    return bucket;
  }

  private listenersOf(type: ResourceType): Set<Listener> {
    const resource = groupResource(type);
    let listeners = this.listeners.get(resource);
    if (listeners === undefined) this.listeners.set(resource, (listeners = new Set()));
    return listeners;
  }

  private present(type: ResourceType, namespace: string | undefined, name: string): KubeObject {
    const object = this.bucket(type).get(keyOf(namespace, name));
    if (object === undefined) throw apiErrors.notFound(type, name);
    return object;
  }

  private checked(verb: string, type: ResourceType, object: KubeObject): KubeObject {
    const { namespace, name, resourceVersion } = object.metadata;
    this.record(verb, type, keyOf(namespace, name));
    const old = this.present(type, namespace, name);
    if (resourceVersion !== undefined && resourceVersion !== old.metadata.resourceVersion) {
      throw apiErrors.conflict(type, name);
    }
    return old;
  }

  private store(
    type: ResourceType,
    object: KubeObject,
    change: 'ADDED' | 'MODIFIED' | 'DELETED',
  ): KubeObject {
    const resourceVersion = String(++this.version);
    const uid = object.metadata.uid ?? `uid-${this.version}`;
    const stored = structuredClone({ ...object, metadata: { ...object.metadata, uid, resourceVersion } });
    const key = keyOf(stored.metadata.namespace, stored.metadata.name);
    if (change === 'DELETED') this.bucket(type).delete(key);
    else this.bucket(type).set(key, stored);
    const event: WatchEvent = { type: change, object: stored };
    this.log.push({ version: this.version, resource: groupResource(type), event });
    for (const listener of this.listenersOf(type)) listener(event);
    return stored;
  }
}

function matches(options: ListOptions): (object: KubeObject) => boolean {
  const labels = parseLabelSelector(options.labelSelector);
  const fields = parseFieldSelector(options.fieldSelector);
  return (object) =>
    (options.namespace === undefined || object.metadata.namespace === options.namespace) &&
    labels(object.metadata.labels) &&
    fields(object);
}

function scaleOf(object: KubeObject): Scale {
  const spec = isRecord(object.spec) ? object.spec : {};
  const status = isRecord(object.status) ? object.status : {};
  return {
    specReplicas: Number(spec.replicas ?? 1),
    statusReplicas: Number(status.replicas ?? 0),
    selector: formatLabelSelector(spec.selector as LabelSelector | undefined),
    resourceVersion: object.metadata.resourceVersion ?? '',
  };
}
