import { fieldsOf, type Fields } from '../fields';
import { describe, type FieldPath } from '../issue';
import {
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  labelKey,
  labelValue,
  pathSegment,
  type TextCheck,
} from '../name-syntax';
import type { ResourceKind } from '../schema';
import type { RuleReport } from './report';

function nameCheck({ kind, group }: ResourceKind): TextCheck {
  if (kind === 'Service' && group === '') return dns1035Label;
  if (kind === 'Namespace') return dnsLabel;
  if (group === 'rbac.authorization.k8s.io') return pathSegment;
  return dnsSubdomain;
}

export function checkLabels(labels: unknown, path: FieldPath, report: RuleReport): void {
  for (const [key, value] of Object.entries(fieldsOf(labels))) {
    const problem = labelKey(key);
    if (problem) report.add('NotAllowed', [...path, key], `label key ${problem}, got ${describe(key)}`);
    report.text(value, labelValue, [...path, key]);
  }
}

export function checkMetadata(object: Fields, kind: ResourceKind, report: RuleReport): void {
  const metadata = fieldsOf(object.metadata);
  const { name, generateName } = metadata;
  if (name === undefined && generateName === undefined)
    report.add('Missing', ['metadata', 'name'], 'is required (a string)');
  report.text(name, nameCheck(kind), ['metadata', 'name']);
  report.text(metadata.namespace, dnsLabel, ['metadata', 'namespace']);
  checkLabels(metadata.labels, ['metadata', 'labels'], report);
  for (const key of Object.keys(fieldsOf(metadata.annotations))) {
    const problem = labelKey(key.toLowerCase());
    if (problem) report.add('NotAllowed', ['metadata', 'annotations', key], `annotation key ${problem}`);
  }
}
