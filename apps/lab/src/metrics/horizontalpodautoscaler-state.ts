import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
} from '@scalelab/manifests';
import { parseQuantity, toNumber } from '@scalelab/scaling';
import type { Exposition, SampleLabels } from './exposition';

type Sample = (labels: SampleLabels, value: number) => void;

/** kube-state-metrics' series of HorizontalPodAutoscalers. */
export function horizontalPodAutoscalerState(
  page: Exposition,
  autoscalers: readonly HorizontalPodAutoscaler[],
): void {
  const gauge = (name: string, help: string) =>
    page.family(`kube_horizontalpodautoscaler_${name}`, 'gauge', help);
  each(autoscalers, gauge('info', 'Information about this autoscaler.'), ({ spec }, own, sample) => {
    const { apiVersion, kind, name } = spec.scaleTargetRef;
    sample(
      {
        ...own,
        scaletargetref_api_version: apiVersion,
        scaletargetref_kind: kind,
        scaletargetref_name: name,
      },
      1,
    );
  });
  const columns = [
    [
      gauge('spec_max_replicas', 'Upper limit for the number of pods that can be set by the autoscaler.'),
      ({ spec }: HorizontalPodAutoscaler) => spec.maxReplicas,
    ],
    [
      gauge('spec_min_replicas', 'Lower limit for the number of pods that can be set by the autoscaler.'),
      ({ spec }: HorizontalPodAutoscaler) => spec.minReplicas ?? 1,
    ],
    [
      gauge('status_current_replicas', 'Current number of replicas of pods managed by this autoscaler.'),
      ({ status }: HorizontalPodAutoscaler) => status?.currentReplicas ?? 0,
    ],
    [
      gauge('status_desired_replicas', 'Desired number of replicas of pods managed by this autoscaler.'),
      ({ status }: HorizontalPodAutoscaler) => status?.desiredReplicas ?? 0,
    ],
  ] as const;
  for (const [column, read] of columns)
    each(autoscalers, column, (hpa, own, sample) => sample(own, read(hpa)));
  each(
    autoscalers,
    gauge('spec_target_metric', 'The metric specifications used by this autoscaler.'),
    ({ spec }, own, sample) => {
      for (const metric of spec.metrics ?? []) targets(metric, own, sample);
    },
  );
  each(
    autoscalers,
    gauge('status_target_metric', 'The current metric status used by this autoscaler.'),
    ({ status }, own, sample) => {
      for (const metric of status?.currentMetrics ?? []) currents(metric, own, sample);
    },
  );
  each(
    autoscalers,
    gauge('status_condition', 'The condition of this autoscaler.'),
    ({ status }, own, sample) => {
      for (const { type, status: is } of status?.conditions ?? [])
        for (const possible of ['True', 'False', 'Unknown'])
          sample({ ...own, condition: type, status: possible.toLowerCase() }, is === possible ? 1 : 0);
    },
  );
}

function each(
  autoscalers: readonly HorizontalPodAutoscaler[],
  sample: Sample,
  write: (hpa: HorizontalPodAutoscaler, own: SampleLabels, sample: Sample) => void,
): void {
  for (const hpa of autoscalers) {
    const { namespace, name } = hpa.metadata;
    write(hpa, { namespace, horizontalpodautoscaler: name }, sample);
  }
}

function targets(
  { containerResource, external, object, pods, resource }: MetricSpec,
  own: SampleLabels,
  sample: Sample,
): void {
  const named = resource ?? containerResource;
  const name = named?.name ?? (external ?? object ?? pods)?.metric.name;
  const target = (named ?? external ?? object ?? pods)?.target;
  if (target) values(target, { ...own, metric_name: name }, sample);
}

function currents(
  { containerResource, external, object, pods, resource }: MetricStatus,
  own: SampleLabels,
  sample: Sample,
): void {
  const named = resource ?? containerResource;
  const name = named?.name ?? (external ?? object ?? pods)?.metric.name;
  const current = (named ?? external ?? object ?? pods)?.current;
  if (current) values(current, { ...own, metric_name: name }, sample);
}

function values(
  { averageUtilization, averageValue, value }: MetricTarget | MetricValueStatus,
  labels: SampleLabels,
  sample: Sample,
): void {
  const write = (type: string, number: number | undefined) =>
    number !== undefined && sample({ ...labels, metric_target_type: type }, number);
  write('value', quantity(value));
  write('utilization', averageUtilization);
  write('average', quantity(averageValue));
}

function quantity(text: string | number | undefined): number | undefined {
  return text === undefined ? undefined : toNumber(parseQuantity(String(text)));
}
