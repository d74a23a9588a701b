import { fieldsOf, listOf, numberOf, textOf, type Fields } from '../fields';
import { nearest } from '../nearest';
import { knownTriggers } from '../schema';
import { checkJobSpec } from './workload';
import type { RuleReport } from './report';

function checkTriggers(spec: Fields, report: RuleReport): void {
  const triggers = listOf(spec.triggers);
  report.unique(triggers, 'name', ['spec', 'triggers']);
  if (Array.isArray(spec.triggers) && triggers.length === 0)
    report.add('Missing', ['spec', 'triggers'], 'must have at least one trigger');
  triggers.forEach((trigger, i) => {
    const type = textOf(fieldsOf(trigger).type);
    if (type === undefined || knownTriggers.includes(type)) return;
    const close = nearest(type, knownTriggers);
    const hint = close ? `did you mean "${close}"? ` : '';
    report.add(
      'UnknownTrigger',
      ['spec', 'triggers', i, 'type'],
      `unknown trigger type "${type}"; ${hint}known: ${knownTriggers.join(', ')}`,
    );
  });
}

function checkCounts(spec: Fields, report: RuleReport): void {
  const min = numberOf(spec.minReplicaCount) ?? 0;
  const max = numberOf(spec.maxReplicaCount) ?? 100;
  const idle = numberOf(spec.idleReplicaCount);
  report.atLeast(min, 0, ['spec', 'minReplicaCount']);
  report.atLeast(spec.pollingInterval, 0, ['spec', 'pollingInterval']);
  report.atLeast(spec.cooldownPeriod, 0, ['spec', 'cooldownPeriod']);
  if (min > max)
    report.add(
      'Conflict',
      ['spec', 'minReplicaCount'],
      `must not be above maxReplicaCount (${max}), got ${min}`,
    );
  if (idle !== undefined && spec.minReplicaCount !== undefined && idle >= min && !(idle === 0 && min === 0)) {
    report.add(
      'Conflict',
      ['spec', 'idleReplicaCount'],
      `must be below minReplicaCount (${min}), got ${idle}`,
    );
  }
}

export function checkScaledObject(object: Fields, report: RuleReport): void {
  const spec = fieldsOf(object.spec);
  if (fieldsOf(spec.scaleTargetRef).name === '')
    report.add('NotAllowed', ['spec', 'scaleTargetRef', 'name'], 'must not be empty');
  checkCounts(spec, report);
  checkTriggers(spec, report);
}

export function checkScaledJob(object: Fields, report: RuleReport): void {
  const spec = fieldsOf(object.spec);
  report.atLeast(spec.pollingInterval, 0, ['spec', 'pollingInterval']);
  checkTriggers(spec, report);
  if (spec.jobTargetRef !== undefined)
    checkJobSpec(fieldsOf(spec.jobTargetRef), ['spec', 'jobTargetRef'], report);
}
