import { formatQuantity } from '../quantity/format';
import { parseQuantity } from '../quantity/quantity';
import type {
  Behavior,
  EffectiveBehavior,
  EffectiveHpaSpec,
  EffectiveScalingRules,
  HpaSpec,
  MetricSpec,
  QuantityText,
  ScalingRules,
} from './spec';

const defaultScaleUp: EffectiveScalingRules = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};

// No window: the controller takes --horizontal-pod-autoscaler-downscale-stabilization for it.
const defaultScaleDown: EffectiveScalingRules = {
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
};

const defaultMetrics: readonly MetricSpec[] = [
  { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
];

/** `behavior` after the API server's defaulting; null stays null, which is not the same as the defaults. */
export function defaultBehavior(behavior: Behavior | null | undefined): EffectiveBehavior | null {
  if (behavior == null) return null;
  return {
    scaleUp: fillRules(behavior.scaleUp, defaultScaleUp, 'spec.behavior.scaleUp'),
    scaleDown: fillRules(behavior.scaleDown, defaultScaleDown, 'spec.behavior.scaleDown'),
  };
}

function fillRules(
  rules: ScalingRules | null | undefined,
  defaults: EffectiveScalingRules,
  path: string,
): EffectiveScalingRules {
  if (rules == null) return defaults;
  const window = rules.stabilizationWindowSeconds ?? defaults.stabilizationWindowSeconds;
  return {
    ...(window === undefined ? {} : { stabilizationWindowSeconds: window }),
    selectPolicy: rules.selectPolicy ?? defaults.selectPolicy,
    policies: rules.policies ?? defaults.policies,
    ...(rules.tolerance == null ? {} : { tolerance: canonical(rules.tolerance, `${path}.tolerance`) }),
  };
}

/** Quantities are stored as the API prints them; it matters, since 57 x 0.01 is another double than 570 x 0.001. */
function canonical(text: QuantityText, field: string): string {
  return formatQuantity(parseQuantity(String(text), field));
}

/** The spec as the API server stores it: minReplicas 1, cpu at 80 % without metrics, `behavior` filled where it is set. */
export function defaultHpaSpec(spec: HpaSpec): EffectiveHpaSpec {
  const metrics = spec.metrics ?? [];
  return {
    minReplicas: spec.minReplicas ?? 1,
    maxReplicas: spec.maxReplicas,
    metrics: metrics.length === 0 ? defaultMetrics : metrics,
    behavior: defaultBehavior(spec.behavior),
  };
}
