import type { Metric, MetricType, Registry } from 'prom-client';

export type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels: Labels;
  readonly value: number;
  readonly metricName?: string;
}

/**
 * A metric that prom-client's registry can print, whose hot side is a field or a typed array: counting costs
 * nanoseconds, the samples are made when somebody scrapes.
 */
export abstract class SampledMetric {
  abstract readonly type: `${Lowercase<keyof typeof MetricType>}`;
  readonly aggregator = 'sum';

  constructor(
    registry: Registry,
    readonly name: string,
    readonly help: string,
  ) {
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) {
      throw new TypeError(
        `metric name "${name}" is not allowed: letters, digits, _ and : only, no digit first`,
      );
    }
    registry.registerMetric(this as unknown as Metric);
  }

  protected abstract samples(): Sample[];
  abstract reset(): void;

  get() {
    const { name, help, type, aggregator } = this;
    return Promise.resolve({ name, help, type, aggregator, values: this.samples() });
  }
}
