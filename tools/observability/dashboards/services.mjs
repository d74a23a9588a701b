// What callers and queues get of each service: rate, errors, duration, work, drain, event loop.
import { choice, dashboard, lines, number, query, row } from './panel.mjs';

const chosen = 'namespace=~"$namespace",job=~"$job"';
const http = 'http_request_duration_seconds';
const prefixes = '(http_demo|sqs_worker|sqs_worker_api|kafka_consumer|backend_api|data_api)';
const work = (name, labels = '') => `{__name__=~"${prefixes}_${name}",${chosen}${labels}}`;

const quantile = (share, buckets) =>
  `histogram_quantile(${share}, sum by (le, job) (rate(${buckets}[$__rate_interval])))`;

const errors = `(sum by (job) (rate(${http}_count{${chosen},status=~"5.."}[$__rate_interval])) or 0 * sum by (job) (rate(${http}_count{${chosen}}[$__rate_interval]))) / sum by (job) (rate(${http}_count{${chosen}}[$__rate_interval]))`;

export const services = dashboard({
  uid: 'scalelab-services',
  title: 'Services',
  description:
    'Rate, errors and duration of requests, work taken from queues, drain and event loop of each service.',
  variables: [
    choice('namespace', 'Namespace', 'label_values(nodejs_eventloop_utilization, namespace)'),
    choice('job', 'Service', 'label_values(nodejs_eventloop_utilization{namespace=~"$namespace"}, job)'),
  ],
  panels: [
    number({
      title: 'Requests a second',
      description: 'All HTTP requests to the chosen services, probes excluded.',
      unit: 'reqps',
      bad: 1e9,
      queries: [query(`sum(rate(${http}_count{${chosen}}[$__rate_interval]))`, 'requests')],
    }),
    number({
      title: 'Share of requests that fail',
      description: 'Answers with a status of 500 and above. Red from one in a hundred.',
      unit: 'percentunit',
      bad: 0.01,
      queries: [
        query(
          `(sum(rate(${http}_count{${chosen},status=~"5.."}[$__rate_interval])) or vector(0)) / sum(rate(${http}_count{${chosen}}[$__rate_interval]))`,
          'failed',
        ),
      ],
    }),
    number({
      title: 'Dead letters in 15 minutes',
      description: 'Work that was given up and put aside.',
      unit: 'short',
      bad: 1,
      queries: [query(`sum(increase(${work('dead_lettered_total')}[15m]))`, 'dead letters')],
    }),
    number({
      title: 'Pods draining',
      description:
        'Pods that finish their work before they end. Many for long: work takes longer than the grace period.',
      unit: 'short',
      bad: 20,
      queries: [query(`sum(${work('draining')})`, 'draining')],
    }),
    row('Requests'),
    lines({
      title: 'Rate',
      description: 'Requests a second by service.',
      unit: 'reqps',
      queries: [query(`sum by (job) (rate(${http}_count{${chosen}}[$__rate_interval]))`, '{{job}}')],
    }),
    lines({
      title: 'Errors',
      description: 'Share of answers with a status of 500 and above, by service.',
      unit: 'percentunit',
      queries: [query(errors, '{{job}}')],
    }),
    lines({
      title: 'Duration',
      description: 'Half of the requests, and 95 of 100, are answered within this time.',
      unit: 's',
      queries: [
        query(quantile(0.5, `${http}_bucket{${chosen}}`), '{{job}} p50'),
        query(quantile(0.95, `${http}_bucket{${chosen}}`), '{{job}} p95', { dashed: true }),
      ],
    }),
    lines({
      title: 'By route and status',
      description: 'Requests a second by route template and status.',
      unit: 'reqps',
      queries: [
        query(
          `sum by (job, route, status) (rate(${http}_count{${chosen}}[$__rate_interval]))`,
          '{{job}} {{route}} {{status}}',
        ),
      ],
    }),
    row('Work'),
    lines({
      title: 'Units of work a second by outcome',
      description:
        'Messages, records and requests that were finished. Anything but ok and accepted is worth a look.',
      unit: 'ops',
      queries: [
        query(
          `sum by (job, outcome) (rate(${work('processed_total')}[$__rate_interval]))`,
          '{{job}} {{outcome}}',
        ),
      ],
    }),
    lines({
      title: 'In flight',
      description: 'Units of work in hand at this moment.',
      unit: 'short',
      queries: [query(`sum by (job) (${work('in_flight')})`, '{{job}}')],
    }),
    lines({
      title: 'Time spent on a unit of work',
      description: '95 of 100 units take at most this long.',
      unit: 's',
      queries: [query(quantile(0.95, work('processing_seconds_bucket')), '{{job}} p95')],
    }),
    lines({
      title: 'Age of the backlog',
      description: 'How long the oldest waiting message or record has waited.',
      unit: 's',
      queries: [query(`max by (job) (${work('backlog_age_seconds')})`, '{{job}}')],
    }),
    lines({
      title: 'Deliveries again and given up',
      description: 'Work that came before, and work that went to the dead letters, a second.',
      unit: 'ops',
      queries: [
        query(`sum by (job) (rate(${work('redelivered_total')}[$__rate_interval]))`, '{{job}} again'),
        query(`sum by (job) (rate(${work('dead_lettered_total')}[$__rate_interval]))`, '{{job}} given up', {
          color: 'red',
        }),
      ],
    }),
    lines({
      title: 'Draining pods',
      description: 'Pods between SIGTERM and their end: they take nothing new and finish what they have.',
      unit: 'short',
      queries: [query(`sum by (job) (${work('draining')})`, '{{job}}', { steps: true })],
    }),
    row('Processes'),
    lines({
      title: 'Event-loop delay',
      description:
        '99th percentile of how late timers run, since the last scrape. A long delay is work that blocks everything else.',
      unit: 's',
      queries: [query(`max by (job) (nodejs_eventloop_lag_p99_seconds{${chosen}})`, '{{job}}')],
    }),
    lines({
      title: 'Event-loop utilization',
      description:
        'Share of time in which the loop had work, of the busiest pod. At 1 the pod is full, whatever its CPU says.',
      unit: 'percentunit',
      queries: [query(`max by (job) (nodejs_eventloop_utilization{${chosen}})`, '{{job}}')],
    }),
    lines({
      title: 'CPU of the processes',
      description: 'Cores in use, as the processes count them.',
      unit: 'cores',
      queries: [
        query(`sum by (job) (rate(process_cpu_seconds_total{${chosen}}[$__rate_interval]))`, '{{job}}'),
      ],
    }),
    lines({
      title: 'Resident memory of a pod',
      description: 'Of the largest pod of each service.',
      unit: 'bytes',
      queries: [query(`max by (job) (process_resident_memory_bytes{${chosen}})`, '{{job}}')],
    }),
    row('HTTP from zero'),
    lines({
      title: 'Requests through the interceptor',
      description:
        "Requests a second by route, counted by the HTTP add-on's interceptor (the lab's own on a laptop).",
      unit: 'reqps',
      queries: [
        query(
          'sum by (route_name, code) (rate(interceptor_request_count_total[$__rate_interval]))',
          '{{route_name}} {{code}}',
        ),
      ],
    }),
    lines({
      title: 'Concurrency at the interceptor',
      description: 'Requests under way by route, with those that wait for a first pod.',
      unit: 'short',
      queries: [query('sum by (route_name) (interceptor_request_concurrency)', '{{route_name}}')],
    }),
  ],
});
