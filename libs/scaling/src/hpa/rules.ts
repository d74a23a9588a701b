/** The rules that explanations name, each in one line. The ids are stable: documentation anchors are `hpa-<id>`. */
export const hpaRules = Object.freeze({
  'average-value':
    'The sum of the metric over the target, rounded up; the current count plays no part outside the tolerance.',
  value: 'The metric over the target is the ratio; the ratio times the ready pods, rounded up.',
  'pods-average':
    "The average over the pods' samples over the target is the ratio; the ratio times the pods, rounded up.",
  utilization:
    'Usage in whole percent of the requests over the target percentage is the ratio; the ratio times the pods, rounded up.',
  tolerance:
    'A ratio within the tolerance of 1 changes nothing: sums keep status.replicas, averages and Value targets keep spec.replicas.',
  'missing-pods':
    'Pods without a sample count as idle when the others want more and as full when they want fewer; unready pods count as idle when the others want more.',
  'direction-turned': 'When filling in missing and unready pods turns the direction, the count stays.',
  'metric-failed': 'A metric that fails gives no count.',
  'failed-metric-blocks-down':
    'While any metric fails the HPA may scale up but not down; when all fail it does nothing.',
  'highest-metric': 'The highest count over all metrics is taken.',
  'stabilization-default':
    'Without behavior, the highest count of the last 300 s (downscale stabilisation) is the target, on the way up as well.',
  'stabilization-behavior':
    'With behavior, the count is lifted to the lowest of the scaleUp window and lowered to the highest of the scaleDown window.',
  'default-cap': 'Without behavior, one sync goes to at most max(2 x current, 4).',
  policies:
    'With behavior, the policies limit the change per period, counted from the scale events of this HPA.',
  'policy-disabled': 'A selectPolicy of Disabled forbids its direction.',
  'max-replicas': 'Never above maxReplicas.',
  'min-replicas': 'Never below minReplicas.',
  'above-max': 'Above maxReplicas: set to maxReplicas at once, before metrics, windows and policies.',
  'below-min': 'Below minReplicas: set to minReplicas at once, before metrics, windows and policies.',
  'zero-replicas':
    'A target with 0 replicas is not scaled: the HPA is switched off until someone else starts it.',
  'scale-unreadable': "The target's scale could not be read: nothing is decided.",
  'selector-missing': "The target's scale has no selector: no metric is asked.",
  'selector-ambiguous': 'Several HPAs select the same pods: no metric is asked.',
  'update-refused': 'The scale could not be updated: the count stays and the next sync decides anew.',
  forgotten: 'The HPA is deleted when its sync is due: its recommendations and scale events are dropped.',
} satisfies Record<string, string>);

export type HpaRule = keyof typeof hpaRules;

/** The documentation anchor of a rule. */
export function hpaRuleAnchor(rule: HpaRule): string {
  return `hpa-${rule}`;
}
