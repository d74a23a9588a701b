import { at, ensure, set, type Draft } from './draft';
import { templateDefaults } from './pod';

const maxInt32 = 2_147_483_647;

export function jobDefaults(object: Draft): void {
  const spec = ensure(object, 'spec');
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  set(spec, 'parallelism', 1);
  set(spec, 'backoffLimit', spec.backoffLimitPerIndex === undefined ? 6 : maxInt32);
  set(spec, 'completionMode', 'NonIndexed');
  set(spec, 'suspend', false);
  set(spec, 'podReplacementPolicy', spec.podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed');
  set(spec, 'manualSelector', false);
  templateDefaults(spec);
  const metadata = ensure(object, 'metadata');
  const labels = at(at(at(spec, 'template'), 'metadata'), 'labels');
  if (labels && Object.keys(at(metadata, 'labels') ?? {}).length === 0) metadata.labels = { ...labels };
}

/** The Job inside gets its own defaults only when it is made. */
export function cronJobDefaults(object: Draft): void {
  const spec = ensure(object, 'spec');
  spec.concurrencyPolicy ||= 'Allow';
  set(spec, 'suspend', false);
  set(spec, 'successfulJobsHistoryLimit', 3);
  set(spec, 'failedJobsHistoryLimit', 1);
  templateDefaults(ensure(ensure(spec, 'jobTemplate'), 'spec'));
}
