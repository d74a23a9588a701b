import { ObjectCache, type IndexFunction } from './object-cache';
import { keyOf, objectKey } from './object-key';
import {
  KubeApiError,
  type KubeClient,
  type KubeObject,
  type ListOptions,
  type ResourceType,
  type WatchEvent,
} from './port';
import type { Scheduler } from './scheduler';

export interface InformerHandlers<T extends KubeObject> {
  added?(object: T): void;
  /** Also called when only the resourceVersion differs. */
  updated?(object: T, old: T): void;
  deleted?(object: T): void;
}

export interface InformerOptions extends ListOptions {
  readonly client: KubeClient;
  readonly type: ResourceType;
  readonly scheduler: Scheduler;
  /** Wait before listing again after a failure, ms; doubles up to 32 times this. Default 250. */
  readonly retryMs?: number;
  /** Told why a list or watch ended; the informer goes on by itself. */
  readonly onError?: (error: unknown) => void;
}

/** Since Kubernetes 1.35 versions of one type may be compared as numbers; a server with other ones gets the benefit of the doubt. */
function newer(a: KubeObject, b: KubeObject): boolean {
  const [x, y] = [Number(a.metadata.resourceVersion), Number(b.metadata.resourceVersion)];
  return Number.isNaN(x) || Number.isNaN(y)
    ? a.metadata.resourceVersion !== b.metadata.resourceVersion
    : x > y;
}

/**
 * A local copy of all objects of a type, kept true by list and watch: listed anew when the server has forgotten the version asked
 * for (410), resumed after any other break. Handlers see each change once and in order.
 */
export class Informer<T extends KubeObject = KubeObject> {
  private readonly cache = new ObjectCache<T>();
  private readonly handlers: InformerHandlers<T>[] = [];
  private readonly whenSynced: (() => void)[] = [];
  private isSynced = false;
  private lastVersion: string | undefined;
  private failures = 0;
  private started = false;

  constructor(private readonly options: InformerOptions) {}

  get type(): ResourceType {
    return this.options.type;
  }

  /** The first list has been taken in. */
  get hasSynced(): boolean {
    return this.isSynced;
  }

  /** Resolves once `hasSynced`. */
  synced(): Promise<void> {
    return this.isSynced ? Promise.resolve() : new Promise((resolve) => this.whenSynced.push(resolve));
  }

  /** A late handler is told of every object already here. */
  on(handlers: InformerHandlers<T>): void {
    this.handlers.push(handlers);
    for (const object of this.cache.values()) handlers.added?.(object);
  }

  addIndex(name: string, of: IndexFunction<T>): void {
    this.cache.addIndex(name, of);
  }

  get(namespace: string | undefined, name: string): T | undefined {
    return this.cache.get(keyOf(namespace, name));
  }

  getByKey(key: string): T | undefined {
    return this.cache.get(key);
  }

  list(namespace?: string): T[] {
    const all = [...this.cache.values()];
    return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
  }

  byIndex(name: string, value: string): T[] {
    return this.cache.byIndex(name, value);
  }

  /**
   * Takes in what a write of our own returned, before the watch tells of it: a controller must see what it has just made.
   * Older versions than the known one are ignored.
   */
  observe(object: T): void {
    const known = this.cache.get(objectKey(object));
    if (known === undefined || newer(object, known)) this.upsert(object);
  }

  /** Lists and watches until the signal aborts. */
  start(signal: AbortSignal): void {
    if (this.started) return;
    this.started = true;
    void this.run(signal);
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.lastVersion === undefined) await this.relist();
        const startedMs = this.options.scheduler.now();
        await this.follow(signal);
        // A server that ends each watch at once must not be asked in a tight loop.
        if (this.options.scheduler.now() - startedMs >= 1000) this.failures = 0;
        else if (!signal.aborted) {
          this.failures++;
          await this.backoff(signal);
        }
      } catch (error) {
        if (signal.aborted) return;
        const expired = error instanceof KubeApiError && error.code === 410;
        if (expired) this.lastVersion = undefined;
        else this.failures++;
        this.options.onError?.(error);
        // An expired version is answered by one list at once; anything else may be a server that needs air.
        if (!expired) await this.backoff(signal);
      }
    }
  }

  private backoff(signal: AbortSignal): Promise<void> {
    const waitMs = (this.options.retryMs ?? 250) * 2 ** Math.min(this.failures - 1, 5);
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.options.scheduler.wakeAt(this.options.scheduler.now() + waitMs, done);
      signal.addEventListener('abort', done);
    });
  }

  private listOptions(): ListOptions {
    const { namespace, labelSelector, fieldSelector } = this.options;
    return {
      ...(namespace === undefined ? {} : { namespace }),
      ...(labelSelector === undefined ? {} : { labelSelector }),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
    };
  }

  private async relist(): Promise<void> {
    const { resourceVersion, items } = await this.options.client.list<T>(
      this.options.type,
      this.listOptions(),
    );
    const present = new Set(items.map(objectKey));
    for (const key of [...this.cache.keys()]) if (!present.has(key)) this.remove(key);
    for (const item of items) this.upsert(item);
    this.lastVersion = resourceVersion;
    this.isSynced = true;
    for (const resolve of this.whenSynced.splice(0)) resolve();
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const options = {
      ...this.listOptions(),
      signal,
      ...(this.lastVersion === undefined ? {} : { resourceVersion: this.lastVersion }),
    };
    for await (const event of this.options.client.watch<T>(this.options.type, options)) this.take(event);
  }

  private take(event: WatchEvent<T>): void {
    if (event.type === 'ERROR') throw new KubeApiError(event.status);
    this.failures = 0;
    this.lastVersion = event.object.metadata.resourceVersion;
    if (event.type === 'DELETED') this.remove(objectKey(event.object), event.object);
    else if (event.type !== 'BOOKMARK') this.upsert(event.object);
  }

  private upsert(object: T): void {
    const known = this.cache.get(objectKey(object));
    const sameObject = known !== undefined && known.metadata.uid === object.metadata.uid;
    if (sameObject && !newer(object, known)) return;
    // Deleted and made again under one name between two looks: handlers must see both.
    if (known !== undefined && !sameObject) this.remove(objectKey(object));
    this.cache.set(object);
    for (const handler of this.handlers) {
      if (sameObject) handler.updated?.(object, known);
      else handler.added?.(object);
    }
  }

  private remove(key: string, last?: T): void {
    const known = this.cache.get(key);
    if (known === undefined) return;
    // A late DELETED of an earlier object of this name, seen after observe() took in its successor.
    if (last !== undefined && last.metadata.uid !== known.metadata.uid) return;
    this.cache.delete(key);
    for (const handler of this.handlers) handler.deleted?.(last ?? known);
  }
}
