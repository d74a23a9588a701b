// CPU, memory and disk as the kubelet counts them. These expressions are an interface: others copy them from here.
import { dashboard, lines, query, row } from './panel.mjs';

const cpu = (container) =>
  `sum(rate(container_cpu_usage_seconds_total{container="${container}"}[5m])) by (pod)`;
const memory = (container) => `sum(container_memory_usage_bytes{container="${container}"}) by (pod)`;

const ofService = (container) => [
  lines({
    title: `CPU of ${container}`,
    description: `Cores that each pod of ${container} used, mean of five minutes.`,
    unit: 'cores',
    queries: [query(cpu(container), '{{pod}}')],
  }),
  lines({
    title: `Memory of ${container}`,
    description: `Memory that each pod of ${container} uses.`,
    unit: 'bytes',
    queries: [query(memory(container), '{{pod}}')],
  }),
];

export const resources = dashboard({
  uid: 'scalelab-resources',
  title: 'Resources',
  description: 'CPU, memory and disk by service, node and pod.',
  panels: [
    row('Services scaled by CPU and memory'),
    ...ofService('backend-api'),
    ...ofService('data-api'),
    row('Nodes'),
    lines({
      title: 'CPU by node',
      description: 'Cores that all containers of a node used, mean of five minutes.',
      unit: 'cores',
      queries: [query('sum(rate(container_cpu_usage_seconds_total[5m])) by (node)', '{{node}}')],
    }),
    lines({
      title: 'Memory by node',
      description: 'Memory that all containers of a node use.',
      unit: 'bytes',
      queries: [query('sum(container_memory_usage_bytes) by (node)', '{{node}}')],
    }),
    row('Pods'),
    lines({
      title: 'CPU by pod',
      description:
        'Cores of each pod, mean of five minutes. A kubelet counts a pod beside its containers, so that a cluster shows about twice what the containers use.',
      unit: 'cores',
      queries: [query('sum(rate(container_cpu_usage_seconds_total[5m])) by (pod)', '{{pod}}')],
    }),
    lines({
      title: 'Memory by pod',
      description: 'Memory of each pod; on a cluster counted twice as well.',
      unit: 'bytes',
      queries: [query('sum(container_memory_usage_bytes) by (pod)', '{{pod}}')],
    }),
    row('Disk'),
    lines({
      title: 'Disk reads by container',
      description:
        'Bytes a second that containers had storage read, mean of five minutes. What comes from the page cache does not count.',
      unit: 'Bps',
      width: 24,
      queries: [query('sum(rate(container_fs_reads_bytes_total[5m])) by (container)', '{{container}}')],
    }),
  ],
});
