import { apiErrors, type KubeObject } from '@scalelab/kube';

/** One change of one object. */
export interface StoreEvent {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
  /** The version before, for watchers whose selector it left or entered. */
  readonly previous: KubeObject | undefined;
}

/** The last changes of one resource in a ring. Readers hold a position, not a copy: a slow one costs nothing and is told 410 when it falls out. */
export class EventLog {
  private readonly ring: StoreEvent[] = [];
  private firstPosition = 0;
  private nextPosition = 0;
  /** Changes up to this version have been forgotten. */
  private forgottenVersion: number;
  private readonly wakes = new Set<() => void>();

  constructor(
    private readonly capacity: number,
    startVersion: number,
  ) {
    this.forgottenVersion = startVersion;
  }

  append(event: StoreEvent): void {
    const slot = this.nextPosition % this.capacity;
    if (this.nextPosition - this.firstPosition === this.capacity) {
      this.forgottenVersion = this.ring[slot]?.version ?? this.forgottenVersion;
      this.firstPosition++;
    }
    this.ring[slot] = event;
    this.nextPosition++;
    for (const wake of this.wakes) wake();
  }

  /** The position behind the newest change. */
  end(): number {
    return this.nextPosition;
  }

  /**
   * The position of the first change after a version.
   * @throws KubeApiError 410 when it has been forgotten
   */
  positionAfter(version: number): number {
    if (version < this.forgottenVersion) {
      throw apiErrors.expired(`too old resource version: ${version} (${this.forgottenVersion})`);
    }
    let [low, high] = [this.firstPosition, this.nextPosition];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ring[middle % this.capacity]?.version ?? Infinity) <= version) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * The change at a position; undefined when there is none yet.
   * @throws KubeApiError 410 when the position has fallen out of the ring
   */
  at(position: number): StoreEvent | undefined {
    if (position < this.firstPosition)
      throw apiErrors.expired('the watch fell behind: too old resource version');
    return position < this.nextPosition ? this.ring[position % this.capacity] : undefined;
  }

  /** Called after each append, in the middle of the write: the listener must only note it. */
  onAppend(wake: () => void): () => void {
    this.wakes.add(wake);
    return () => this.wakes.delete(wake);
  }
}
