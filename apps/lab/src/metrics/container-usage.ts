import type { Exposition } from './exposition';

/** What a container used since it started. */
export interface ContainerTotals {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly image: string;
  readonly startedAtMs: number;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  /** Absent where the system does not tell (outside Linux). */
  readonly readBytes?: number;
  readonly writtenBytes?: number;
}

/**
 * The kubelet's usage of containers under cAdvisor's names, with the label `node` that the Prometheus operator puts to what it scrapes
 * from a kubelet.
 */
export function containerUsage(page: Exposition, node: string, containers: readonly ContainerTotals[]): void {
  const columns = [
    [
      page.family('container_cpu_usage_seconds_total', 'counter', 'Cumulative cpu time consumed in seconds.'),
      ({ cpuSeconds }: ContainerTotals) => cpuSeconds,
    ],
    [
      page.family('container_memory_usage_bytes', 'gauge', 'Current memory usage in bytes.'),
      ({ memoryBytes }: ContainerTotals) => memoryBytes,
    ],
    [
      page.family('container_memory_working_set_bytes', 'gauge', 'Current working set in bytes.'),
      ({ memoryBytes }: ContainerTotals) => memoryBytes,
    ],
    [
      page.family('container_fs_reads_bytes_total', 'counter', 'Cumulative count of bytes read.'),
      ({ readBytes }: ContainerTotals) => readBytes,
    ],
    [
      page.family('container_fs_writes_bytes_total', 'counter', 'Cumulative count of bytes written.'),
      ({ writtenBytes }: ContainerTotals) => writtenBytes,
    ],
    [
      page.family(
        'container_start_time_seconds',
        'gauge',
        'Start time of the container since the Unix epoch.',
      ),
      ({ startedAtMs }: ContainerTotals) => startedAtMs / 1_000,
    ],
  ] as const;
  for (const [sample, read] of columns)
    for (const one of containers) {
      const value = read(one);
      const { container, image, namespace, pod } = one;
      if (value !== undefined) sample({ container, image, namespace, node, pod }, value);
    }
}
