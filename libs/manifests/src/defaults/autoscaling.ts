import { at, ensure, set, type Draft } from './draft';

/** `behavior` stays absent when it is: only a behavior that is there, even an empty one, is filled. */
export function horizontalPodAutoscalerDefaults(object: Draft): void {
  const spec = ensure(object, 'spec');
  set(spec, 'minReplicas', 1);
  if (!Array.isArray(spec.metrics) || spec.metrics.length === 0) {
    spec.metrics = [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
      },
    ];
  }
  const behavior = at(spec, 'behavior');
  if (!behavior) return;
  const up = ensure(behavior, 'scaleUp');
  set(up, 'stabilizationWindowSeconds', 0);
  set(up, 'selectPolicy', 'Max');
  set(up, 'policies', [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ]);
  // Its stabilization window stays absent: then the controller's own flag counts (300 s).
  const down = ensure(behavior, 'scaleDown');
  set(down, 'selectPolicy', 'Max');
  set(down, 'policies', [{ type: 'Percent', value: 100, periodSeconds: 15 }]);
}
