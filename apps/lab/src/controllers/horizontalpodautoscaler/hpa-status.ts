import { apiTime } from '@scalelab/kube';
import type { HorizontalPodAutoscaler } from '@scalelab/manifests';
import type { CurrentMetric, HpaCondition, HpaStatus } from '@scalelab/scaling';

type ApiStatus = NonNullable<HorizontalPodAutoscaler['status']>;
type ApiMetric = NonNullable<ApiStatus['currentMetrics']>[number];

/** The core's status as autoscaling/v2 spells it. Transition times move only when a condition's status does. */
export function apiHpaStatus(hpa: HorizontalPodAutoscaler, status: HpaStatus, nowMs: number): ApiStatus {
  const known = new Map((hpa.status?.conditions ?? []).map((condition) => [condition.type, condition]));
  const lastTransitionTime = ({ type, status: now }: HpaCondition) => {
    const before = known.get(type);
    return before?.status === now && before.lastTransitionTime !== undefined
      ? before.lastTransitionTime
      : apiTime(nowMs);
  };
  return {
    ...(hpa.metadata.generation !== undefined && { observedGeneration: hpa.metadata.generation }),
    ...(status.lastScaleTimeMs !== undefined && { lastScaleTime: apiTime(status.lastScaleTimeMs) }),
    currentReplicas: status.currentReplicas,
    desiredReplicas: status.desiredReplicas,
    currentMetrics: status.currentMetrics.map((metric) => apiMetric(hpa, metric)),
    conditions: status.conditions.map((condition) => ({
      ...condition,
      lastTransitionTime: lastTransitionTime(condition),
    })),
  };
}

function apiMetric(
  hpa: HorizontalPodAutoscaler,
  { type, name = '', container, value, averageValue, averageUtilization }: CurrentMetric,
): ApiMetric {
  const current = {
    ...(value !== undefined && { value }),
    ...(averageValue !== undefined && { averageValue }),
    ...(averageUtilization !== undefined && { averageUtilization }),
  };
  switch (type) {
    case 'Resource':
      return { type, resource: { name, current } };
    case 'ContainerResource':
      return { type, containerResource: { name, container: container ?? '', current } };
    case 'Pods':
      return { type, pods: { metric: { name }, current } };
    case 'External': {
      const metric = hpa.spec.metrics?.find((spec) => spec.external?.metric.name === name)?.external
        ?.metric ?? { name };
      return { type, external: { metric, current } };
    }
    case 'Object': {
      const source = hpa.spec.metrics?.find((spec) => spec.object?.metric.name === name)?.object;
      return {
        type,
        object: {
          metric: source?.metric ?? { name },
          describedObject: source?.describedObject ?? { kind: '', name: '' },
          current,
        },
      };
    }
    default:
      return { type: '' };
  }
}
