import type { Job } from '@scalelab/manifests';
import type { Exposition } from './exposition';

const failureReasons = ['BackoffLimitExceeded', 'DeadlineExceeded', 'Evicted'];

/** kube-state-metrics' series of Jobs. */
export function jobState(page: Exposition, jobs: readonly Job[]): void {
  const gauge = (name: string, help: string) => page.family(`kube_job_${name}`, 'gauge', help);
  const failed = gauge(
    'status_failed',
    'The number of pods which reached Phase Failed and the reason for failure.',
  );
  for (const { metadata, status } of jobs) {
    const own = { namespace: metadata.namespace, job_name: metadata.name };
    const count = status?.failed ?? 0;
    const end = status?.conditions?.find(({ type }) => type === 'Failed');
    const known = end?.status === 'True' && failureReasons.includes(end.reason ?? '');
    if (count === 0) failed(own, 0);
    else if (end)
      for (const reason of failureReasons) failed({ ...own, reason }, known && end.reason === reason ? 1 : 0);
    if (count > 0 && !known) failed(own, count);
  }
  const columns = [
    [
      gauge('status_active', 'The number of actively running pods.'),
      ({ status }: Job) => status?.active ?? 0,
    ],
    [
      gauge('status_succeeded', 'The number of pods which reached Phase Succeeded.'),
      ({ status }: Job) => status?.succeeded ?? 0,
    ],
  ] as const;
  for (const [sample, read] of columns)
    for (const job of jobs)
      sample({ namespace: job.metadata.namespace, job_name: job.metadata.name }, read(job));
}
