import type { KubeObject } from '@scalelab/kube';
import type { EventLog } from './event-log';

/** What a watcher is told. */
export interface WatchItem {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/** One watcher's place in the changes of a resource, seen through its selectors. Holds no events of its own. */
export class WatchCursor {
  private initial: readonly KubeObject[];
  private initialIndex = 0;

  constructor(
    private readonly log: EventLog,
    private position: number,
    private readonly matches: (object: KubeObject) => boolean,
    initial: readonly KubeObject[] = [],
  ) {
    this.initial = initial;
  }

  /** The objects present at the start have all been told. */
  get initialDone(): boolean {
    return this.initialIndex >= this.initial.length;
  }

  /**
   * The next change for this watcher; undefined when there is none yet.
   * @throws KubeApiError 410 when the watcher fell behind
   */
  next(): WatchItem | undefined {
    const present = this.initial[this.initialIndex];
    if (present !== undefined) {
      if (++this.initialIndex === this.initial.length) {
        this.initial = [];
        this.initialIndex = 0;
      }
      return { type: 'ADDED', object: present };
    }
    for (let event = this.log.at(this.position); event !== undefined; event = this.log.at(this.position)) {
      this.position++;
      const item = this.view(event.type, event.object, event.previous);
      if (item !== undefined) return item;
    }
    return undefined;
  }

  onChange(wake: () => void): () => void {
    return this.log.onAppend(wake);
  }

  // An object that enters the selector is new to this watcher; one that leaves it is gone.
  private view(
    type: WatchItem['type'],
    object: KubeObject,
    previous: KubeObject | undefined,
  ): WatchItem | undefined {
    if (type !== 'MODIFIED' || previous === undefined)
      return this.matches(object) ? { type, object } : undefined;
    const [before, now] = [this.matches(previous), this.matches(object)];
    if (now) return { type: before ? 'MODIFIED' : 'ADDED', object };
    if (!before) return undefined;
    const { resourceVersion } = object.metadata;
    const last = { ...previous.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
    return { type: 'DELETED', object: Object.freeze({ ...previous, metadata: Object.freeze(last) }) };
  }
}
