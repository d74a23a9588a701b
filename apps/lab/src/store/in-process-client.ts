import {
  KubeApiError,
  type DeleteOptions,
  type KubeClient,
  type KubeList,
  type KubeObject,
  type ListOptions,
  type PatchOptions,
  type ResourceType,
  type Scale,
  type WatchEvent,
  type WatchOptions,
} from '@scalelab/kube';
import type { ObjectStore } from './object-store';
import type { WatchCursor } from './watch-cursor';

/** The store as a KubeClient: what callers get is the store's own frozen objects, nothing is copied or encoded. */
export function inProcessClient(store: ObjectStore): KubeClient {
  return new InProcessClient(store);
}

class InProcessClient implements KubeClient {
  constructor(private readonly store: ObjectStore) {}

  async get<T extends KubeObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): Promise<T> {
    return this.store.get(type, namespace, name) as T;
  }

  async list<T extends KubeObject>(type: ResourceType, options?: ListOptions): Promise<KubeList<T>> {
    return this.store.list(type, options) as KubeList<T>;
  }

  async *watch<T extends KubeObject>(
    type: ResourceType,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>> {
    const { signal, ...cursorOptions } = options;
    try {
      for await (const item of items(this.store.watch(type, cursorOptions), signal))
        yield item as WatchEvent<T>;
    } catch (error) {
      if (!(error instanceof KubeApiError) || error.code !== 410) throw error;
      yield { type: 'ERROR', status: error.status };
    }
  }

  async create<T extends KubeObject>(type: ResourceType, object: KubeObject): Promise<T> {
    return this.store.create(type, object) as T;
  }

  async update<T extends KubeObject>(type: ResourceType, object: KubeObject): Promise<T> {
    return this.store.update(type, object) as T;
  }

  async updateStatus<T extends KubeObject>(type: ResourceType, object: KubeObject): Promise<T> {
    return this.store.updateStatus(type, object) as T;
  }

  async patch<T extends KubeObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    options?: PatchOptions,
  ): Promise<T> {
    return this.store.patch(type, namespace, name, patch, options) as T;
  }

  async delete(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    options?: DeleteOptions,
  ): Promise<void> {
    this.store.delete(type, namespace, name, options);
  }

  async getScale(type: ResourceType, namespace: string, name: string): Promise<Scale> {
    return this.store.getScale(type, namespace, name);
  }

  async updateScale(
    type: ResourceType,
    namespace: string,
    name: string,
    specReplicas: number,
    resourceVersion?: string,
  ): Promise<Scale> {
    return this.store.updateScale(type, namespace, name, specReplicas, resourceVersion);
  }
}

/** The changes a cursor sees, until the signal aborts. */
async function* items(
  cursor: WatchCursor,
  signal: AbortSignal,
): AsyncGenerator<NonNullable<ReturnType<WatchCursor['next']>>> {
  let wake: () => void = () => undefined;
  const stopListening = cursor.onChange(() => wake());
  const abort = (): void => wake();
  signal.addEventListener('abort', abort);
  try {
    while (!signal.aborted) {
      const item = cursor.next();
      if (item !== undefined) yield item;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    stopListening();
    signal.removeEventListener('abort', abort);
  }
}
