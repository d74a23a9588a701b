/** Value from this moment on; null: the source cannot be read. */
export type LoadPoint = readonly [seconds: number, value: number | null];

/** A load over time. Each value holds until the next point; before the first point the value is 0. */
export interface LoadTrace {
  readonly points: readonly LoadPoint[];
  /** Seconds that the trace covers, from 0: its last point, or longer where it says so. */
  readonly seconds: number;
  /** Seconds that an item takes which arrives from this moment on. Default: the workload model's. */
  readonly service?: readonly LoadPoint[];
  /** Epoch milliseconds of second 0, where the trace names real moments. */
  readonly startedAtMs?: number;
}

/** Reads a trace at moments that never go back: constant time a read. */
export class LoadCursor {
  private next = 0;
  private current: number | null = 0;

  constructor(private readonly points: readonly LoadPoint[]) {}

  at(seconds: number): number | null {
    let point = this.points[this.next];
    while (point !== undefined && point[0] <= seconds) {
      this.current = point[1];
      point = this.points[++this.next];
    }
    return this.current;
  }
}
