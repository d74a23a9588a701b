import type { Registry } from 'prom-client';
import { SampledMetric } from './sample';

/** A counter with one label; each value of the label that was ever counted, or was declared, is a series. */
export class KeyedCounter extends SampledMetric {
  readonly type = 'counter';
  readonly #counts = new Map<string, number>();

  constructor(
    registry: Registry,
    name: string,
    help: string,
    readonly label: string,
    readonly declared: readonly string[] = [],
  ) {
    super(registry, name, help);
    this.reset();
  }

  inc(key: string, by = 1): void {
    if (!(by >= 0)) throw new RangeError(`${this.name} can only grow, got ${by}`);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + by);
  }

  value(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Declared series start at 0, so that rate() sees their first step. */
  reset(): void {
    this.#counts.clear();
    for (const key of this.declared) this.#counts.set(key, 0);
  }

  protected samples() {
    return [...this.#counts].map(([key, value]) => ({ labels: { [this.label]: key }, value }));
  }
}
