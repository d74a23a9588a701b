import { timeMs } from '@scalelab/kube';
import type { Job, Pod } from '@scalelab/manifests';
import type { JobFacts } from '@scalelab/scaling';

/** A Job and its pods as the decision core reads them. */
export function jobFacts(job: Job, pods: readonly Pod[]): JobFacts {
  const ended = job.status?.conditions?.find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
  const completedMs = timeMs(job.status?.completionTime);
  const generation = job.metadata.annotations?.['scaledjob.keda.sh/generation'];
  return {
    name: job.metadata.name,
    finished: ended === undefined ? null : ended.type === 'Complete' ? 'Complete' : 'Failed',
    ...(Number.isNaN(completedMs) ? {} : { completedMs }),
    ...(generation === undefined ? {} : { generation }),
    pods: pods.map(({ status }) => ({
      phase: status?.phase ?? 'Pending',
      conditions: (status?.conditions ?? []).flatMap(({ type, status: is }) => (is === 'True' ? [type] : [])),
    })),
  };
}
