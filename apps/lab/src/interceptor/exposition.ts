import type { Route } from './route';
import type { ServicePort } from './service-port';

/** The interceptor's numbers in Prometheus' text format; those of routes are named as the HTTP add-on names them. */
export function exposition(
  routes: Iterable<Route>,
  ports: Iterable<[string, ServicePort]>,
  inFlight: number,
): string {
  const lines: string[] = [];
  const all = [...routes];
  const family = (name: string, type: string, help: string): void => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
  };
  family('interceptor_request_count_total', 'counter', 'Requests answered, by route, method and status.');
  for (const route of all) {
    for (const [key, count] of route.finished) {
      const [method = '', code = ''] = key.split(' ');
      lines.push(
        `interceptor_request_count_total{${labels(route)},code="${code}",method="${escape(method)}"} ${count}`,
      );
    }
  }
  family('interceptor_request_concurrency', 'gauge', 'Requests in flight, held ones included.');
  for (const route of all)
    lines.push(`interceptor_request_concurrency{${labels(route)}} ${route.concurrency}`);
  family('interceptor_request_held', 'gauge', 'Requests that wait for a ready pod.');
  for (const route of all) lines.push(`interceptor_request_held{${labels(route)}} ${route.held}`);
  family('interceptor_request_duration_seconds', 'histogram', 'From the request to the end of the response.');
  for (const route of all) {
    const { bounds, buckets, count, sum } = route.durations;
    let total = 0;
    bounds.forEach((bound, index) => {
      total += buckets[index] ?? 0;
      lines.push(`interceptor_request_duration_seconds_bucket{${labels(route)},le="${bound}"} ${total}`);
    });
    lines.push(
      `interceptor_request_duration_seconds_bucket{${labels(route)},le="+Inf"} ${count}`,
      `interceptor_request_duration_seconds_sum{${labels(route)}} ${sum}`,
      `interceptor_request_duration_seconds_count{${labels(route)}} ${count}`,
    );
  }
  family('interceptor_service_connections_total', 'counter', 'Connections accepted for a Service port.');
  family('interceptor_service_endpoints', 'gauge', 'Ready endpoints behind a Service port.');
  for (const [key, port] of ports) {
    const [namespace = '', service = ''] = key.split('/');
    const of = `namespace="${namespace}",service="${service}",port="${port.port}"`;
    lines.push(
      `interceptor_service_connections_total{${of}} ${port.connections}`,
      `interceptor_service_endpoints{${of}} ${port.backends.size}`,
    );
  }
  family('interceptor_in_flight', 'gauge', 'HTTP requests that pass through at this moment.');
  lines.push(`interceptor_in_flight ${inFlight}`);
  family('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.');
  lines.push(`process_resident_memory_bytes ${process.memoryUsage.rss()}`);
  family('process_cpu_seconds_total', 'counter', 'Total user and system CPU time spent in seconds.');
  const { system, user } = process.cpuUsage();
  lines.push(`process_cpu_seconds_total ${(system + user) / 1e6}`);
  return `${lines.join('\n')}\n`;
}

function labels({ key }: Route): string {
  const [namespace = '', name = ''] = key.split('/');
  return `route_name="${name}",route_namespace="${namespace}"`;
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
