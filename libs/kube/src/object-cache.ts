import { objectKey } from './object-key';
import type { KubeObject } from './port';

/** From an object to the values under which an index finds it. */
export type IndexFunction<T extends KubeObject> = (object: T) => readonly string[];

/** Objects by key, with secondary indexes. Only the newest version of each is kept. */
export class ObjectCache<T extends KubeObject> {
  private readonly objects = new Map<string, T>();
  private readonly indexes = new Map<string, { of: IndexFunction<T>; keys: Map<string, Set<string>> }>();

  addIndex(name: string, of: IndexFunction<T>): void {
    if (this.indexes.has(name)) return;
    const index = { of, keys: new Map<string, Set<string>>() };
    this.indexes.set(name, index);
    for (const [key, object] of this.objects) this.indexOne(index, key, object, true);
  }

  get(key: string): T | undefined {
    return this.objects.get(key);
  }

  values(): IterableIterator<T> {
    return this.objects.values();
  }

  keys(): IterableIterator<string> {
    return this.objects.keys();
  }

  get size(): number {
    return this.objects.size;
  }

  /** The objects an index has under a value. */
  byIndex(name: string, value: string): T[] {
    const index = this.indexes.get(name);
    if (index === undefined)
      throw new RangeError(`no index "${name}"; there are: ${[...this.indexes.keys()].join(', ') || 'none'}`);
    const found: T[] = [];
    for (const key of index.keys.get(value) ?? []) {
      const object = this.objects.get(key);
      if (object !== undefined) found.push(object);
    }
    return found;
  }

  /** Returns the version that was there before. */
  set(object: T): T | undefined {
    const key = objectKey(object);
    const old = this.objects.get(key);
    this.objects.set(key, object);
    for (const index of this.indexes.values()) {
      if (old !== undefined) this.indexOne(index, key, old, false);
      this.indexOne(index, key, object, true);
    }
    return old;
  }

  delete(key: string): T | undefined {
    const old = this.objects.get(key);
    if (old === undefined) return undefined;
    this.objects.delete(key);
    for (const index of this.indexes.values()) this.indexOne(index, key, old, false);
    return old;
  }

  private indexOne(
    index: { of: IndexFunction<T>; keys: Map<string, Set<string>> },
    key: string,
    object: T,
    add: boolean,
  ): void {
    for (const value of index.of(object)) {
      const keys = index.keys.get(value);
      if (add) {
        if (keys === undefined) index.keys.set(value, new Set([key]));
        else keys.add(key);
      } else if (keys?.delete(key) && keys.size === 0) index.keys.delete(value);
    }
  }
}
