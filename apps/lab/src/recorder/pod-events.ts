import type { Pod } from '@scalelab/manifests';
import type { PodLine } from '@scalelab/recording';

export interface PodEvent {
  readonly event: PodLine['event'];
  readonly reason?: string;
  readonly message?: string;
}

/** What a change of a pod means, in the order in which it happened. */
export function podEvents(pod: Pod, old: Pod | undefined): PodEvent[] {
  const events: PodEvent[] = [];
  if (!old) events.push({ event: 'created' });
  if (restarts(pod) > restarts(old)) events.push({ event: 'restarted', ...lastEnd(pod) });
  if (phase(pod) === 'Running' && phase(old) !== 'Running') events.push({ event: 'started' });
  if (isReady(pod) && !isReady(old)) events.push({ event: 'ready' });
  if (!isReady(pod) && old && isReady(old)) events.push({ event: 'unready' });
  if (pod.metadata.deletionTimestamp && !old?.metadata.deletionTimestamp)
    events.push({ event: 'terminating' });
  if (phase(pod) === 'Succeeded' && phase(old) !== 'Succeeded') events.push({ event: 'succeeded' });
  if (phase(pod) === 'Failed' && phase(old) !== 'Failed') events.push({ event: 'failed', ...lastEnd(pod) });
  return events;
}

function phase(pod: Pod | undefined): string | undefined {
  return pod?.status?.phase;
}

function isReady(pod: Pod | undefined): boolean {
  return pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function restarts(pod: Pod | undefined): number {
  return (pod?.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

function lastEnd(pod: Pod): { reason?: string; message?: string } {
  for (const { state, lastState } of pod.status?.containerStatuses ?? []) {
    const end = state?.terminated ?? lastState?.terminated;
    const waiting = state?.waiting?.reason;
    if (!end && waiting === undefined) continue;
    const reason = waiting ?? end?.reason;
    return { ...(reason !== undefined && { reason }), ...(end && { message: `exit code ${end.exitCode}` }) };
  }
  return {};
}
