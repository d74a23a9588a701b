import { fieldsOf, listOf, textOf, type Fields } from '../fields';
import type { Issue } from '../issue';
import { portName } from '../name-syntax';
import type { ResourceKind } from '../schema';
import { cronScheduleProblem } from './cron-schedule';
import { checkHorizontalPodAutoscaler } from './horizontal-pod-autoscaler';
import { checkMetadata } from './metadata';
import { checkPodSpec } from './pod';
import { RuleReport } from './report';
import { checkScaledJob, checkScaledObject } from './scaled-object';
import { checkJobSpec, checkWorkload } from './workload';

type Rule = (object: Fields, report: RuleReport) => void;

function checkService(object: Fields, report: RuleReport): void {
  const spec = fieldsOf(object.spec);
  const ports = listOf(spec.ports);
  if (ports.length === 0 && spec.type !== 'ExternalName' && spec.clusterIP !== 'None') {
    report.add('Missing', ['spec', 'ports'], 'must have at least one port');
  }
  report.unique(ports, 'name', ['spec', 'ports']);
  ports.forEach((port, i) => {
    const fields = fieldsOf(port);
    const path = ['spec', 'ports', i];
    report.between(fields.port, 1, 65535, [...path, 'port']);
    report.between(fields.nodePort, 1, 65535, [...path, 'nodePort']);
    report.between(fields.targetPort, 1, 65535, [...path, 'targetPort']);
    report.text(fields.targetPort, portName, [...path, 'targetPort']);
    if (ports.length > 1 && !fields.name)
      report.add('Missing', [...path, 'name'], 'is required when a Service has several ports');
  });
}

function checkCronJob(object: Fields, report: RuleReport): void {
  const spec = fieldsOf(object.spec);
  const problem = cronScheduleProblem(textOf(spec.schedule) ?? '* * * * *');
  if (problem) report.add('NotAllowed', ['spec', 'schedule'], problem);
  checkJobSpec(fieldsOf(fieldsOf(spec.jobTemplate).spec), ['spec', 'jobTemplate', 'spec'], report);
}

function checkDisruptionBudget(object: Fields, report: RuleReport): void {
  const spec = fieldsOf(object.spec);
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined) {
    report.add('Conflict', ['spec', 'maxUnavailable'], 'must not stand beside minAvailable');
  }
}

const rules: Readonly<Record<string, Rule>> = {
  'apps/DaemonSet': checkWorkload,
  'apps/Deployment': checkWorkload,
  'apps/ReplicaSet': checkWorkload,
  'apps/StatefulSet': checkWorkload,
  'autoscaling/HorizontalPodAutoscaler': checkHorizontalPodAutoscaler,
  'batch/CronJob': checkCronJob,
  'batch/Job': (object, report) => checkJobSpec(fieldsOf(object.spec), ['spec'], report),
  'keda.sh/ScaledJob': checkScaledJob,
  'keda.sh/ScaledObject': checkScaledObject,
  'policy/PodDisruptionBudget': checkDisruptionBudget,
  '/Pod': (object, report) => checkPodSpec(fieldsOf(object.spec), [], ['spec'], report),
  '/Service': checkService,
};

/** What the API server or KEDA's webhook refuses beyond the schema. */
export function validateRules(object: Fields, kind: ResourceKind, issues: Issue[]): void {
  const report = new RuleReport(issues);
  checkMetadata(object, kind, report);
  rules[`${kind.group}/${kind.kind}`]?.(object, report);
}
