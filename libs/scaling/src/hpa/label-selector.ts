import type { LabelSelector } from './spec';

/** A label selector as the controller prints it in reasons and messages. */
export function selectorText(selector: LabelSelector | undefined): string {
  if (selector === undefined) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`)
    .join('');
  const expressions = (selector.matchExpressions ?? [])
    .map(
      (e) =>
        `LabelSelectorRequirement{Key:${e.key},Operator:${e.operator},Values:[${(e.values ?? []).join(' ')}],},`,
    )
    .join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'];

/** Why the selector cannot be used, in the controller's words; undefined: it can. */
export function selectorError(selector: LabelSelector | undefined): string | undefined {
  for (const { operator } of selector?.matchExpressions ?? [])
    if (!operators.includes(operator))
      return `${JSON.stringify(operator)} is not a valid label selector operator`;
  return undefined;
}
