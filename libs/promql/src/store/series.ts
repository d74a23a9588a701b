import type { Labels } from '../labels';

/** Samples of one series in order of time. A value of null is a staleness marker: from here on the series is gone. */
export class Series {
  private times: number[] = [];
  private values: (number | null)[] = [];
  private begin = 0;

  constructor(readonly labels: Labels) {}

  get length(): number {
    return this.times.length - this.begin;
  }

  get lastTimeMs(): number {
    return this.times[this.times.length - 1] ?? Number.NEGATIVE_INFINITY;
  }

  /** @returns false when a newer sample, or one of the same time, is already there */
  append(timeMs: number, value: number | null): boolean {
    if (timeMs <= this.lastTimeMs) return false;
    this.times.push(timeMs);
    this.values.push(value);
    return true;
  }

  /** Forgets what is older. Memory is given back once half of it is empty. */
  dropBefore(timeMs: number): void {
    while (this.begin < this.times.length && (this.times[this.begin] ?? 0) < timeMs) this.begin++;
    if (this.begin > 16 && this.begin * 2 > this.times.length) {
      this.times = this.times.slice(this.begin);
      this.values = this.values.slice(this.begin);
      this.begin = 0;
    }
  }

  dropOldest(): void {
    if (this.length > 0) this.dropBefore((this.times[this.begin] ?? 0) + 1);
  }

  /** The newest sample at or before `timeMs`. */
  at(timeMs: number): { readonly timeMs: number; readonly value: number | null } | undefined {
    const i = this.indexAfter(timeMs) - 1;
    const time = this.times[i];
    const value = this.values[i];
    return i >= this.begin && time !== undefined && value !== undefined ? { timeMs: time, value } : undefined;
  }

  /** Samples of `fromMs <= t <= toMs`, markers left out. */
  between(
    fromMs: number,
    toMs: number,
  ): { readonly times: readonly number[]; readonly values: readonly number[] } {
    const times: number[] = [];
    const values: number[] = [];
    for (let i = this.indexAfter(fromMs - 1); i < this.times.length; i++) {
      const time = this.times[i] ?? 0;
      if (time > toMs) break;
      const value = this.values[i];
      if (time < fromMs || value === null || value === undefined) continue;
      times.push(time);
      values.push(value);
    }
    return { times, values };
  }

  /** Index of the first sample after `timeMs`. */
  private indexAfter(timeMs: number): number {
    let low = this.begin;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.times[middle] ?? 0) <= timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
