import type { Registry } from 'prom-client';
import { SampledMetric } from './sample';

/** A counter without labels. */
export class PlainCounter extends SampledMetric {
  readonly type = 'counter';
  #value = 0;

  get value(): number {
    return this.#value;
  }

  inc(by = 1): void {
    if (!(by >= 0)) throw new RangeError(`${this.name} can only grow, got ${by}`);
    this.#value += by;
  }

  reset(): void {
    this.#value = 0;
  }

  protected samples() {
    return [{ labels: {}, value: this.#value }];
  }
}

/** A gauge without labels, either set or read at scrape time. */
export class PlainGauge extends SampledMetric {
  readonly type = 'gauge';
  #value = 0;
  readonly #read: (() => number) | undefined;

  constructor(registry: Registry, name: string, help: string, read?: () => number) {
    super(registry, name, help);
    this.#read = read;
  }

  get value(): number {
    return this.#read?.() ?? this.#value;
  }

  set(value: number): void {
    this.#value = value;
  }

  inc(by = 1): void {
    this.#value += by;
  }

  dec(by = 1): void {
    this.#value -= by;
  }

  reset(): void {
    this.#value = 0;
  }

  protected samples() {
    return [{ labels: {}, value: this.value }];
  }
}
