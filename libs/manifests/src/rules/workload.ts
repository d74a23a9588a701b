import { fieldsOf, listOf, textOf, type Fields } from '../fields';
import type { FieldPath } from '../issue';
import { selectorOf, selects } from '../label-selector';
import type { LabelSelector } from '../types/meta';
import { checkLabels } from './metadata';
import { checkPodSpec } from './pod';
import type { RuleReport } from './report';

export function checkTemplate(
  template: Fields,
  ownedVolumes: readonly string[],
  path: FieldPath,
  report: RuleReport,
): Fields {
  checkLabels(fieldsOf(template.metadata).labels, [...path, 'metadata', 'labels'], report);
  if (template.spec === undefined) report.add('Missing', [...path, 'spec'], 'is required (a map)');
  const spec = fieldsOf(template.spec);
  checkPodSpec(spec, ownedVolumes, [...path, 'spec'], report);
  return spec;
}

function labelSelector(fields: Fields): LabelSelector {
  const labels = Object.entries(fieldsOf(fields.matchLabels)).flatMap(([k, v]) =>
    typeof v === 'string' ? [[k, v] as const] : [],
  );
  const expressions = listOf(fields.matchExpressions).map((e) => {
    const { key, operator, values } = fieldsOf(e);
    return { key: textOf(key) ?? '', operator: textOf(operator) ?? '', values: listOf(values).map(String) };
  });
  return { matchLabels: Object.fromEntries(labels), matchExpressions: expressions };
}

function templateLabels(template: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fieldsOf(fieldsOf(template.metadata).labels)).flatMap(([k, v]) =>
      typeof v === 'string' ? [[k, v]] : [],
    ),
  );
}

/** Deployment, ReplicaSet, StatefulSet and DaemonSet. */
export function checkWorkload(object: Fields, report: RuleReport): void {
  const spec = fieldsOf(object.spec);
  report.atLeast(spec.replicas, 0, ['spec', 'replicas']);
  report.atLeast(spec.minReadySeconds, 0, ['spec', 'minReadySeconds']);
  const template = fieldsOf(spec.template);
  const owned = listOf(spec.volumeClaimTemplates).map(
    (c) => textOf(fieldsOf(fieldsOf(c).metadata).name) ?? '',
  );
  const pod = spec.template === undefined ? {} : checkTemplate(template, owned, ['spec', 'template'], report);
  if (pod.restartPolicy !== undefined && pod.restartPolicy !== 'Always') {
    report.add(
      'NotAllowed',
      ['spec', 'template', 'spec', 'restartPolicy'],
      `must be "Always" in a ${String(object.kind)}, got ${JSON.stringify(pod.restartPolicy)}`,
    );
  }
  if (spec.selector === undefined) return;
  const selector = labelSelector(fieldsOf(spec.selector));
  if (!Object.keys(selector.matchLabels ?? {}).length && !selector.matchExpressions?.length) {
    report.add('NotAllowed', ['spec', 'selector'], 'must not be empty: it would select every pod');
    return;
  }
  if (selector.matchExpressions?.some((e) => !['In', 'NotIn', 'Exists', 'DoesNotExist'].includes(e.operator)))
    return;
  const labels = templateLabels(template);
  if (!selects(selectorOf(selector), labels)) {
    report.add(
      'Conflict',
      ['spec', 'selector'],
      `must match the labels of the pod template (${JSON.stringify(labels)})`,
    );
  }
}

export function checkJobSpec(spec: Fields, path: FieldPath, report: RuleReport): void {
  for (const key of [
    'parallelism',
    'completions',
    'backoffLimit',
    'activeDeadlineSeconds',
    'ttlSecondsAfterFinished',
  ]) {
    report.atLeast(spec[key], 0, [...path, key]);
  }
  if (spec.template === undefined) return;
  const pod = checkTemplate(fieldsOf(spec.template), [], [...path, 'template'], report);
  if (pod.restartPolicy !== 'OnFailure' && pod.restartPolicy !== 'Never') {
    const got =
      pod.restartPolicy === undefined ? 'nothing, which means "Always"' : JSON.stringify(pod.restartPolicy);
    report.add(
      'NotAllowed',
      [...path, 'template', 'spec', 'restartPolicy'],
      `must be "OnFailure" or "Never" in a Job, got ${got}`,
    );
  }
}
