import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Registry } from 'prom-client';
import { PlainGauge } from './plain';
import { SampledMetric } from './sample';

/** A counter whose value the system keeps. */
class SystemCounter extends SampledMetric {
  readonly type = 'counter';

  constructor(
    registry: Registry,
    name: string,
    help: string,
    readonly read: () => number,
  ) {
    super(registry, name, help);
  }

  reset(): void {
    // The system does not start again.
  }

  protected samples() {
    return [{ labels: {}, value: this.read() }];
  }
}

/** Process metrics under the names that Prometheus client libraries share; all are read only when scraped. */
export function processMetrics(registry: Registry): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new PlainGauge(registry, name, help, read);
  const counter = (name: string, help: string, read: () => number) =>
    new SystemCounter(registry, name, help, read);

  counter(
    'process_cpu_user_seconds_total',
    'User CPU time spent, in seconds.',
    () => process.cpuUsage().user / 1e6,
  );
  counter(
    'process_cpu_system_seconds_total',
    'System CPU time spent, in seconds.',
    () => process.cpuUsage().system / 1e6,
  );
  counter('process_cpu_seconds_total', 'User and system CPU time spent, in seconds.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  const startedAt = Math.round(performance.timeOrigin / 1000);
  gauge(
    'process_start_time_seconds',
    'Start of the process in seconds since the Unix epoch.',
    () => startedAt,
  );
  gauge('process_resident_memory_bytes', 'Resident memory in bytes.', () => process.memoryUsage.rss());
  gauge('nodejs_heap_size_used_bytes', 'Heap in use, in bytes.', () => process.memoryUsage().heapUsed);
  gauge('nodejs_heap_size_total_bytes', 'Heap reserved, in bytes.', () => process.memoryUsage().heapTotal);
  gauge(
    'nodejs_external_memory_bytes',
    'Memory outside the heap, in bytes.',
    () => process.memoryUsage().external,
  );
  if (existsSync('/proc/self/fd')) {
    gauge('process_open_fds', 'Open file descriptors.', () => readdirSync('/proc/self/fd').length);
    gauge('process_max_fds', 'Allowed file descriptors.', maxFileDescriptors);
  }
}

function maxFileDescriptors(): number {
  const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return soft === undefined ? 0 : Number(soft);
}

/**
 * Event-loop delay and utilization. The delay is sampled by a timer inside libuv; its period (default 50 ms) is added
 * to every sample by Node and taken off here, so that an idle loop reads 0.
 */
export function eventLoopMetrics(registry: Registry, resolutionMs = 50): void {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const seconds = (nanoseconds: number) =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - resolutionMs / 1e3) : 0;
  const gauge = (name: string, help: string, read: () => number) =>
    new PlainGauge(registry, name, help, read);

  gauge('nodejs_eventloop_lag_mean_seconds', 'Mean event-loop delay since the last scrape.', () =>
    seconds(delay.mean),
  );
  gauge('nodejs_eventloop_lag_p50_seconds', 'Median event-loop delay since the last scrape.', () =>
    seconds(delay.percentile(50)),
  );
  gauge(
    'nodejs_eventloop_lag_p99_seconds',
    '99th percentile of the event-loop delay since the last scrape.',
    () => seconds(delay.percentile(99)),
  );
  gauge('nodejs_eventloop_lag_max_seconds', 'Longest event-loop delay since the last scrape.', () => {
    const longest = seconds(delay.max);
    delay.reset();
    return longest;
  });

  let last = performance.eventLoopUtilization();
  gauge(
    'nodejs_eventloop_utilization',
    'Share of time the event loop was busy since the last scrape, 0 to 1.',
    () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, last);
      last = now;
      return utilization;
    },
  );
}
