import type { HpaSyncLine } from '@scalelab/recording';

export interface PodUsageSample {
  readonly containers: readonly {
    readonly name: string;
    readonly cpuNanocores: number;
    readonly memoryBytes: number;
  }[];
  /** End of the window, epoch ms. */
  readonly timestampMs: number;
  readonly windowSeconds: number;
}

/** metrics.k8s.io, as the HPA controller asks it. */
export interface PodMetricsSource {
  /** Undefined: no sample of this pod yet. */
  usageOf(namespace: string, pod: string): PodUsageSample | undefined;
}

/** external.metrics.k8s.io, as the HPA controller asks it: KEDA answers live. */
export interface ExternalMetricsSource {
  /** Quantities. @throws Error with the text that the API would give */
  read(
    namespace: string,
    metric: string,
    matchLabels: Readonly<Record<string, string>>,
  ): Promise<readonly string[]>;
}

export type HpaRecord = Omit<HpaSyncLine, 'kind' | 't'>;

/** Takes every sync with its full input and decision. */
export type RecordHpaSync = (atMs: number, record: HpaRecord) => void;
