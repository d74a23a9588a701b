/** Logs of pods, as the kubelet has them. */
export interface LogSource {
  /** @throws an error with `code: 'NotFound'` when the pod, container or run is not on the node */
  logs(
    pod: { readonly namespace: string; readonly name: string; readonly container?: string },
    options: {
      readonly previous?: boolean;
      readonly tailLines?: number;
      readonly limitBytes?: number;
      readonly follow?: boolean;
      readonly signal?: AbortSignal;
    },
  ): AsyncIterable<Buffer>;
}

/** What a pod used lately. */
export interface PodUsage {
  readonly containers: readonly {
    readonly name: string;
    /** Billionths of a core, mean over the window. */
    readonly cpuNanocores: number;
    readonly memoryBytes: number;
  }[];
  /** End of the window, epoch ms. */
  readonly timestampMs: number;
  readonly windowSeconds: number;
}

/** CPU and memory of pods, behind metrics.k8s.io. */
export interface PodUsageSource {
  /** Undefined: no sample of this pod (yet). */
  usage(pod: { readonly namespace: string; readonly name: string }): PodUsage | undefined;
}

/** Where the external metrics API gets its values: KEDA's part of the lab. */
export interface ExternalMetricSource {
  /** Quantities. @throws Error with the text for the client */
  read(
    namespace: string,
    metric: string,
    matchLabels: Readonly<Record<string, string>>,
  ): Promise<readonly string[]>;
}
