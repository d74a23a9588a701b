import { formatInstant } from './rfc3339';
import { conditionOf } from './conditions';
import { kedaVersion } from './hpa';
import { type JobDemand } from './job-demand';
import { countJobs, expiredJobs, type JobFacts } from './job-facts';
import { decideJobs, type JobCounts, type JobDecision } from './job-strategy';
import { type JobDraft } from './job-draft';
import { type ScaledJob } from './scaled-job';

const excludedLabelsAnnotation = 'scaledjob.keda.sh/job-excluded-labels';
const ownerLabel = 'scaledjob.keda.sh/name';

export interface JobScaling {
  readonly counts: JobCounts;
  readonly decision: JobDecision;
  readonly created: number;
  readonly deleted: number;
}

/** Creates the Jobs a demand is worth, keeps the conditions, and deletes finished Jobs beyond the history limits. */
export function requestJobScale(
  object: ScaledJob,
  jobs: readonly JobFacts[],
  nowMs: number,
  demand: JobDemand,
  isError: boolean,
  draft: JobDraft,
): JobScaling {
  const counts = countJobs(jobs, object.spec);
  const decision = decideJobs(object.spec, demand, counts);
  const creates = demand.isActive && decision.effectiveMaxScale > 0;
  if (demand.isActive) draft.set({ lastActiveTime: formatInstant(nowMs) });
  if (creates) create(object, decision.create, draft);
  updateReady(demand.isActive, isError, draft);
  updateActive(demand.isActive, draft);
  const expired = expiredJobs(jobs, object.spec);
  for (const { name } of expired) draft.effects.push({ kind: 'deleteJob', name, propagation: 'Background' });
  return { counts, decision, created: creates ? Math.max(0, decision.create) : 0, deleted: expired.length };
}

function create({ metadata }: ScaledJob, count: number, draft: JobDraft): void {
  const excluded = (metadata.annotations?.[excludedLabelsAnnotation] ?? '').split(',');
  const own = Object.entries(metadata.labels ?? {}).filter(([key]) => !excluded.includes(key));
  if (count > 0) {
    draft.effects.push({
      kind: 'createJobs',
      count,
      generateName: `${metadata.name}-`,
      labels: {
        'app.kubernetes.io/name': metadata.name,
        'app.kubernetes.io/version': kedaVersion,
        'app.kubernetes.io/part-of': metadata.name,
        'app.kubernetes.io/managed-by': 'keda-operator',
        [ownerLabel]: metadata.name,
        ...Object.fromEntries(own),
      },
      annotations: {
        'scaledjob.keda.sh/generation': String(metadata.generation ?? 0),
        ...metadata.annotations,
      },
    });
  }
  draft.event('Normal', 'KEDAJobsCreated', `Created ${count} jobs`);
}

function updateReady(isActive: boolean, isError: boolean, draft: JobDraft): void {
  const { status } = conditionOf(draft.status.conditions, 'Ready');
  if (isError && isActive && status !== 'Unknown') {
    const message = 'Some triggers defined in ScaledJob are not working correctly';
    draft.setCondition('Ready', 'Unknown', 'PartialTriggerError', message);
  }
  if (isError && !isActive && status !== 'False') {
    draft.setCondition(
      'Ready',
      'False',
      'TriggerError',
      'Triggers defined in ScaledJob are not working correctly',
    );
  }
  if (!isError && status !== 'True') {
    draft.setCondition(
      'Ready',
      'True',
      'ScaledJobReady',
      'ScaledJob is defined correctly and is ready for scaling',
    );
  }
}

function updateActive(isActive: boolean, draft: JobDraft): void {
  const { status } = conditionOf(draft.status.conditions, 'Active');
  if (status !== 'Unknown' && (status === 'True') === isActive) return;
  const message = isActive
    ? 'Scaling is performed because triggers are active'
    : 'Scaling is not performed because triggers are not active';
  if (status !== (isActive ? 'True' : 'False')) {
    draft.event('Normal', isActive ? 'ScaledJobActive' : 'ScaledJobInactive', message);
  }
  draft.setCondition(
    'Active',
    isActive ? 'True' : 'False',
    isActive ? 'ScalerActive' : 'ScalerNotActive',
    message,
  );
}
