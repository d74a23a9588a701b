import { selectorOf, selects, type LabelSelector } from '@scalelab/manifests';
import { fieldsOf, namespaceOf, numberOf, type Autoscaler, type Check } from './subject';

export const replicasBesideAutoscaler: Check = {
  code: 'replicas-beside-autoscaler',
  level: 'error',
  title: 'spec.replicas set beside an autoscaler',
  why: 'every apply puts the count back to that number, and the autoscaler changes it again',
  *find({ workload }) {
    const { replicas } = fieldsOf(workload?.object.spec);
    if (workload && replicas !== undefined)
      yield {
        at: workload,
        path: ['spec', 'replicas'],
        message: `replicas: ${String(replicas)} fights with the autoscaler`,
        fix: 'leave replicas out of the manifest; the minimum is the autoscaler’s',
      };
  },
};

export const twoAutoscalers: Check = {
  code: 'two-autoscalers',
  level: 'error',
  title: 'two autoscalers on one target',
  why: 'each sets the count that it wants, and undoes the other’s; KEDA refuses a target that an HPA already scales',
  *find(autoscaler) {
    const { all, loaded, targetRef } = autoscaler;
    if (autoscaler.kind === 'ScaledJob') return;
    const other = all.find(
      ({ object }) =>
        // The same object in another file is the same object, for another cluster or profile.
        !(object.kind === loaded.object.kind && object.metadata.name === loaded.object.metadata.name) &&
        ['ScaledObject', 'HorizontalPodAutoscaler'].includes(object.kind) &&
        namespaceOf(object.metadata) === namespaceOf(loaded.object.metadata) &&
        targetName(object.spec) === `${targetRef.kind ?? 'Deployment'}/${targetRef.name}`,
    );
    if (other)
      yield {
        path: ['spec', 'scaleTargetRef'],
        message: `${other.object.kind} ${other.object.metadata.name} (${other.file}:${other.line}) scales ${targetRef.name} too`,
        fix: 'keep one; several signals belong into one ScaledObject as triggers, the largest count wins',
      };
  },
};

function targetName(spec: unknown): string {
  const { kind = 'Deployment', name } = fieldsOf(fieldsOf(spec).scaleTargetRef);
  return `${String(kind)}/${String(name)}`;
}

export const pdbBlocksDrain: Check = {
  code: 'pdb-blocks-drain',
  level: 'error',
  title: 'a PodDisruptionBudget that no eviction passes at the minimum',
  why: 'at the minimum every pod is needed by the budget, so that draining a node waits for ever',
  *find(autoscaler) {
    const { all, workload, min } = autoscaler;
    const labels = fieldsOf(
      fieldsOf(fieldsOf(fieldsOf(workload?.object.spec).template).metadata).labels,
    ) as Record<string, string>;
    if (!workload) return;
    for (const budget of all) {
      const { object } = budget;
      if (
        object.kind !== 'PodDisruptionBudget' ||
        namespaceOf(object.metadata) !== namespaceOf(workload.object.metadata)
      )
        continue;
      const { minAvailable, maxUnavailable, selector } = fieldsOf(object.spec);
      const parsed = selectorOf(selector as LabelSelector | undefined);
      if (!parsed || !selects(parsed, labels)) continue;
      const least = Math.max(1, min);
      const needed = amountOf(minAvailable, least);
      if (needed !== undefined && needed >= least)
        yield {
          at: budget,
          path: ['spec', 'minAvailable'],
          message: `minAvailable ${String(minAvailable)} of at least ${least} replicas leaves none to evict`,
          fix: 'use maxUnavailable: 1, or raise the minimum above minAvailable',
        };
      else if (amountOf(maxUnavailable, least) === 0)
        yield {
          at: budget,
          path: ['spec', 'maxUnavailable'],
          message: `maxUnavailable ${String(maxUnavailable)} evicts nobody`,
          fix: 'use maxUnavailable: 1',
        };
    }
  },
};

/** Percent round up, as the disruption controller has it. */
function amountOf(value: unknown, of: number): number | undefined {
  const percent = typeof value === 'string' ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? numberOf(value) : Math.ceil((Number(percent) * of) / 100);
}

const defaultGrace = 30;

export const graceShorterThanWork: Check = {
  code: 'grace-shorter-than-work',
  level: 'error',
  title: 'a grace period shorter than the work',
  why: 'scaling in sends SIGTERM and kills after terminationGracePeriodSeconds: work that takes longer is cut off and done again',
  *find(autoscaler) {
    if (!autoscaler.workload) return;
    const grace = numberOf(autoscaler.template.terminationGracePeriodSeconds) ?? defaultGrace;
    const work = workOf(autoscaler);
    if (work && work.seconds >= grace)
      yield {
        at: autoscaler.workload,
        path: ['spec', 'template', 'spec', 'terminationGracePeriodSeconds'],
        message: `${grace} s of grace for work of ${work.seconds} s (${work.from})`,
        fix: `set terminationGracePeriodSeconds to more than ${work.seconds}`,
      };
  },
};

function workOf(autoscaler: Autoscaler): { readonly seconds: number; readonly from: string } | undefined {
  const annotated = numberOf(autoscaler.annotation('lint.scalelab.dev/work-seconds'));
  if (annotated !== undefined)
    return { seconds: annotated, from: 'annotation lint.scalelab.dev/work-seconds' };
  if (autoscaler.facts.workSeconds !== undefined)
    return { seconds: autoscaler.facts.workSeconds, from: '--work-seconds' };
  const sleeping = autoscaler.containers
    .flatMap(({ lifecycle }) => {
      const { exec, sleep } = fieldsOf(fieldsOf(lifecycle).preStop);
      const command = fieldsOf(exec).command;
      const text = Array.isArray(command) ? command.join(' ') : '';
      return [numberOf(fieldsOf(sleep).seconds), numberOf(/\bsleep (\d+)/.exec(text)?.[1])];
    })
    .find((seconds) => seconds !== undefined);
  if (sleeping !== undefined) return { seconds: sleeping, from: 'preStop sleep' };
  const variable = autoscaler.env(/^(?:\w+_)?(?:PROCESSING|WORK|JOB|TASK)(?:_TIME)?_(?:MS|SECONDS)$/);
  const value = numberOf(variable?.value);
  if (!variable || value === undefined) return undefined;
  return { seconds: variable.name.endsWith('_MS') ? value / 1_000 : value, from: `env ${variable.name}` };
}
