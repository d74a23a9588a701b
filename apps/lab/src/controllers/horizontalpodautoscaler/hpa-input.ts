import {
  isNotFound,
  parseLabelSelector,
  type Informer,
  type KubeClient,
  type ResourceType,
  type Scale,
} from '@scalelab/kube';
import type { HorizontalPodAutoscaler, Pod } from '@scalelab/manifests';
import type { HpaInput, HpaPod, MetricSpec } from '@scalelab/scaling';
import type { ExternalMetricsSource, PodMetricsSource, PodUsageSample } from './sources';

export interface HpaInputDeps {
  readonly client: KubeClient;
  readonly pods: Informer<Pod>;
  readonly podMetrics: PodMetricsSource;
  readonly externalMetrics: ExternalMetricsSource;
}

/** Reads what one sync needs, in the shape of a recorded tick. A failing part becomes an error in the input, never a throw. */
export async function readHpaInput(
  deps: HpaInputDeps,
  hpa: HorizontalPodAutoscaler,
  target: ResourceType | undefined,
  nowMs: number,
): Promise<HpaInput> {
  const namespace = hpa.metadata.namespace ?? '';
  const { kind, name } = hpa.spec.scaleTargetRef;
  let scale: Scale;
  try {
    if (!target) throw new Error(`no matches for kind "${kind}" in group ""`);
    scale = await deps.client.getScale(target, namespace, name);
  } catch (error) {
    const { current, status } = {
      current: hpa.status?.currentReplicas ?? 0,
      status: hpa.status?.currentReplicas ?? 0,
    };
    return { specReplicas: current, statusReplicas: status, scaleGetError: messageOf(error) };
  }
  const metrics = (hpa.spec.metrics ?? []) as readonly MetricSpec[];
  const external = await readExternal(deps.externalMetrics, namespace, metrics);
  return {
    specReplicas: scale.specReplicas,
    statusReplicas: scale.statusReplicas,
    ...(scale.selector === '' && { selector: '' }),
    ...(Object.keys(external.values).length > 0 && { externalMetrics: external.values }),
    ...(Object.keys(external.errors).length > 0 && { metricErrors: external.errors }),
    ...(needsPods(metrics) &&
      scale.selector !== '' && { pods: readPods(deps, namespace, scale.selector, nowMs) }),
  };
}

interface ExternalAnswers {
  readonly values: Record<string, readonly string[]>;
  readonly errors: Record<string, string>;
}

async function readExternal(
  source: ExternalMetricsSource,
  namespace: string,
  metrics: readonly MetricSpec[],
): Promise<ExternalAnswers> {
  const answers: ExternalAnswers = { values: {}, errors: {} };
  // One after the other, in the order of the spec, as the controller asks.
  for (const metric of metrics) {
    if (metric.type !== 'External') continue;
    const { name, selector } = metric.external.metric;
    try {
      answers.values[name] = await source.read(namespace, name, selector?.matchLabels ?? {});
    } catch (error) {
      answers.errors[name] = messageOf(error);
    }
  }
  return answers;
}

/** External metrics with an AverageValue target need no pods; everything else counts some. */
function needsPods(metrics: readonly MetricSpec[]): boolean {
  return (
    metrics.length === 0 ||
    metrics.some(
      (metric) => !(metric.type === 'External' && metric.external.target.averageValue !== undefined),
    )
  );
}

function readPods(
  { pods, podMetrics }: HpaInputDeps,
  namespace: string,
  selector: string,
  nowMs: number,
): HpaPod[] {
  const matches = parseLabelSelector(selector);
  return pods
    .list(namespace)
    .filter(({ metadata }) => matches(metadata.labels))
    .map((pod) => podInput(pod, podMetrics.usageOf(namespace, pod.metadata.name), nowMs));
}

function podInput(pod: Pod, usage: PodUsageSample | undefined, nowMs: number): HpaPod {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  const since = (time: string | undefined) =>
    time === undefined ? null : (nowMs - Date.parse(time)) / 1_000;
  return {
    name: pod.metadata.name,
    phase: pod.status?.phase ?? 'Pending',
    ready: ready === undefined ? null : ready.status === 'Unknown' ? 'Unknown' : ready.status === 'True',
    readySinceSecondsAgo: since(ready?.lastTransitionTime),
    startedSecondsAgo: since(pod.status?.startTime),
    ...(pod.metadata.deletionTimestamp !== undefined && { deleted: true }),
    requests: Object.fromEntries(
      pod.spec.containers.map(({ name, resources }) => [
        name,
        textOf({ ...resources?.limits, ...resources?.requests }),
      ]),
    ),
    ...(usage && {
      usage: Object.fromEntries(
        usage.containers.map(({ name, cpuNanocores, memoryBytes }) => [
          name,
          { cpu: `${Math.round(cpuNanocores)}n`, memory: String(memoryBytes) },
        ]),
      ),
      metricAgeSeconds: (nowMs - usage.timestampMs) / 1_000,
      metricWindowSeconds: usage.windowSeconds,
    }),
  };
}

/** A request that is left out equals the limit: the API server defaults it so. */
function textOf(quantities: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(quantities).map(([resource, quantity]) => [resource, String(quantity)]),
  );
}

export function messageOf(error: unknown): string {
  if (isNotFound(error)) return (error as Error).message;
  return error instanceof Error ? error.message : String(error);
}
