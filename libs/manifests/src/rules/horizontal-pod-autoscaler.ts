import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../fields';
import type { FieldPath } from '../issue';
import type { RuleReport } from './report';

const sources: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

function checkTarget(target: Fields, path: FieldPath, report: RuleReport): void {
  const given = ['averageUtilization', 'averageValue', 'value'].filter(
    (key) => target[key] !== undefined && target[key] !== null,
  );
  if (given.length === 0) report.add('Missing', path, 'must have averageUtilization, averageValue or value');
  report.atLeast(target.averageUtilization, 1, [...path, 'averageUtilization']);
}

function checkRules(rules: Fields, path: FieldPath, report: RuleReport): void {
  report.between(rules.stabilizationWindowSeconds, 0, 3600, [...path, 'stabilizationWindowSeconds']);
  if (Array.isArray(rules.policies) && rules.policies.length === 0) {
    report.add('Missing', [...path, 'policies'], 'must have at least one policy when given');
  }
  listOf(rules.policies).forEach((policy, i) => {
    const fields = fieldsOf(policy);
    report.atLeast(fields.value, 1, [...path, 'policies', i, 'value']);
    report.between(fields.periodSeconds, 1, 1800, [...path, 'policies', i, 'periodSeconds']);
  });
}

/** `autoscaling/v2`. */
export function checkHorizontalPodAutoscaler(object: Fields, report: RuleReport): void {
  const spec = fieldsOf(object.spec);
  const max = numberOf(spec.maxReplicas);
  const min = numberOf(spec.minReplicas);
  report.atLeast(max, 1, ['spec', 'maxReplicas']);
  report.atLeast(min, 1, ['spec', 'minReplicas']);
  if (max !== undefined && min !== undefined && min > max) {
    report.add('Conflict', ['spec', 'maxReplicas'], `must be at least minReplicas (${min}), got ${max}`);
  }
  listOf(spec.metrics).forEach((metric, i) => {
    const fields = fieldsOf(metric);
    const source = sources[textOf(fields.type) ?? ''];
    if (!source) return;
    const path = ['spec', 'metrics', i, source];
    if (fields[source] === undefined)
      report.add('Missing', path, `is required for a metric of type ${String(fields.type)}`);
    else checkTarget(fieldsOf(fieldsOf(fields[source]).target), [...path, 'target'], report);
  });
  const behavior = fieldsOf(spec.behavior);
  checkRules(fieldsOf(behavior.scaleUp), ['spec', 'behavior', 'scaleUp'], report);
  checkRules(fieldsOf(behavior.scaleDown), ['spec', 'behavior', 'scaleDown'], report);
}
