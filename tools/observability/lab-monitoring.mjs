// Where a running lab serves its metrics and what it scrapes, asked of its Kubernetes API, and a Prometheus configuration made of that.
import { request } from 'node:https';
import { parse } from 'yaml';

const namespace = 'monitoring';
const slice = 'kind-prometheus-kube-prome-prometheus-lab';

/** @returns {Promise<string>} `127.0.0.1:PORT`. @throws Error saying what is wrong with the kubeconfig or with who answers there */
export async function labMonitoring(kubeconfigText) {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices/${slice}`;
  const { body, server, status } = await get(parse(kubeconfigText), path);
  if (status === 404)
    throw new Error(`${server} is no lab: a cluster's Prometheus finds its targets by ServiceMonitors`);
  if (status !== 200) throw new Error(`${server} answered ${status} to ${path}`);
  const { endpoints, ports } = JSON.parse(body);
  return `${endpoints[0].addresses[0]}:${ports[0].port}`;
}

function get(kubeconfig, path) {
  const context = kubeconfig?.contexts?.find(({ name }) => name === kubeconfig['current-context'])?.context;
  const cluster = kubeconfig?.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  const user = kubeconfig?.users?.find(({ name }) => name === context?.user)?.user;
  if (!cluster?.server) throw new Error('the kubeconfig has no current context with a server');
  if (!user?.token) throw new Error("the kubeconfig's user has no token, so it is not a lab's");
  const { server } = cluster;
  return new Promise((resolve, reject) => {
    const asked = request(
      new URL(path, server),
      {
        headers: { authorization: `Bearer ${user.token}` },
        ca: Buffer.from(cluster['certificate-authority-data'] ?? '', 'base64'),
        timeout: 10_000,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (part) => (body += part));
        response.on('end', () => resolve({ body, server, status: response.statusCode }));
      },
    );
    asked.on('timeout', () => asked.destroy(new Error(`${server} did not answer within 10 s`)));
    asked.on('error', (error) =>
      reject(new Error(`${server} cannot be reached: ${error.message}`, { cause: error })),
    );
    asked.end();
  });
}

/** Prometheus' configuration for a lab. `monitoring` is where the lab serves its metrics, `rules` a glob of rule files. */
export function labPrometheusConfig({ monitoring, rules }) {
  const discovered = (path, refresh) => [
    { url: `http://${monitoring}/service-discovery/${path}`, refresh_interval: refresh },
  ];
  return {
    global: { scrape_interval: '5s', scrape_timeout: '5s', evaluation_interval: '5s' },
    ...(rules && { rule_files: [rules] }),
    scrape_configs: [
      // Labels of the series are those of the objects that they tell of, as kube-prometheus-stack scrapes kube-state-metrics.
      { job_name: 'lab-state', honor_labels: true, http_sd_configs: discovered('state', '30s') },
      // Pods come and go; each is scraped at the interval of its ServiceMonitor.
      { job_name: 'lab-pods', http_sd_configs: discovered('pods', '2s') },
    ],
  };
}
