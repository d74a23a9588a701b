import { apiErrors, apiTime, parseLabelSelector, resources, type KubeObject } from '@scalelab/kube';
import type { ObjectStore } from '../store';
import type { VirtualResource } from './discovery';
import type { ResourceTarget } from './request-path';
import type { ExternalMetricSource, PodUsageSource } from './sources';

export const podMetricsResource: VirtualResource = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  plural: 'pods',
  kind: 'PodMetrics',
  namespaced: true,
};

function podMetrics(pod: KubeObject, source: PodUsageSource): KubeObject | undefined {
  const { namespace = '', name, labels = {}, creationTimestamp } = pod.metadata;
  const usage = source.usage({ namespace, name });
  if (usage === undefined) return undefined;
  return {
    apiVersion: 'metrics.k8s.io/v1beta1',
    kind: 'PodMetrics',
    metadata: { name, namespace, labels, ...(creationTimestamp === undefined ? {} : { creationTimestamp }) },
    timestamp: apiTime(usage.timestampMs),
    window: `${usage.windowSeconds}s`,
    containers: usage.containers.map((container) => ({
      name: container.name,
      usage: {
        cpu: `${Math.round(container.cpuNanocores)}n`,
        memory: `${Math.ceil(container.memoryBytes / 1024)}Ki`,
      },
    })),
  };
}

/** `metrics.k8s.io/v1beta1`: what kubectl top and the HPA read. Pods without a sample are left out. */
export function readPodMetrics(
  store: ObjectStore,
  source: PodUsageSource,
  target: ResourceTarget,
  query: URLSearchParams,
): object {
  if (target.name !== undefined) {
    const metrics = podMetrics(store.get(resources.Pod, target.namespace, target.name), source);
    if (metrics === undefined)
      throw apiErrors.notFound(resources.PodMetrics, `${target.namespace}/${target.name}`);
    return metrics;
  }
  const labelSelector = query.get('labelSelector');
  const pods = store.list(resources.Pod, {
    ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
    ...(labelSelector ? { labelSelector } : {}),
  });
  return {
    kind: 'PodMetricsList',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: {},
    items: pods.items.flatMap((pod) => podMetrics(pod, source) ?? []),
  };
}

/** Equality terms of a selector: all that external metrics are asked with. */
function equalities(selector: string | null): Record<string, string> {
  if (!selector) return {};
  parseLabelSelector(selector);
  const terms = selector.split(',').map((term) => /^\s*([^=!\s]+)\s*={1,2}\s*(\S*)\s*$/.exec(term));
  return Object.fromEntries(
    terms.map((term) => {
      if (term === null)
        throw apiErrors.badRequest(`labelSelector: "${selector}"; allowed here: key=value terms`);
      return [term[1] ?? '', term[2] ?? ''];
    }),
  );
}

/** `external.metrics.k8s.io/v1beta1/namespaces/NS/METRIC`: the value as KEDA answers it live. */
export async function readExternalMetric(
  source: ExternalMetricSource,
  target: ResourceTarget,
  query: URLSearchParams,
  nowMs: number,
): Promise<object> {
  const { namespace, plural: metric } = target;
  if (namespace === undefined || target.name !== undefined) throw apiErrors.noSuchPath();
  const labels = equalities(query.get('labelSelector'));
  let values: readonly string[];
  try {
    values = await source.read(namespace, metric, labels);
  } catch (error) {
    throw apiErrors.internal(error instanceof Error ? error.message : String(error));
  }
  return {
    kind: 'ExternalMetricValueList',
    apiVersion: 'external.metrics.k8s.io/v1beta1',
    metadata: {},
    items: values.map((value) => ({
      metricName: metric,
      metricLabels: null,
      timestamp: apiTime(nowMs),
      value,
    })),
  };
}
