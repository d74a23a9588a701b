import type { ContainerStatus, Pod, PodCondition, PodStatus } from '@scalelab/manifests';
import { timestamp } from './timestamp';

/** All that a pod's status is made of. */
export interface PodFacts {
  readonly pod: Pod;
  readonly nowMs: number;
  readonly startedAtMs: number;
  readonly podIP: string;
  readonly hostIP: string;
  readonly initStatuses: readonly ContainerStatus[];
  readonly statuses: readonly ContainerStatus[];
  /** Names of init containers that keep running beside the others. */
  readonly sidecars: ReadonlySet<string>;
  /** The pod will run nothing any more. */
  readonly over: boolean;
  /** Decided from outside the containers, for example DeadlineExceeded. */
  readonly failure?: { readonly reason: string; readonly message: string } | undefined;
  /** Conditions beyond Kubernetes' own. */
  readonly extraConditions: readonly PodCondition[];
}

const ownTypes = new Set(['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady']);

/** A pod's status as the kubelet of Kubernetes 1.34 words it. */
export function podStatus(facts: PodFacts): PodStatus {
  const phase = podPhase(facts);
  const before = facts.pod.status?.conditions ?? [];
  const now = timestamp(facts.nowMs);
  const own = conditions(facts, phase).map((condition) => withTransition(condition, before, now));
  const written = new Set([...ownTypes, ...facts.extraConditions.map(({ type }) => type)]);
  return {
    phase,
    ...(facts.failure ? { reason: facts.failure.reason, message: facts.failure.message } : {}),
    conditions: [
      ...own,
      // Written by others: the scheduler, readiness gates.
      ...before.filter(({ type }) => !written.has(type)),
      ...facts.extraConditions.map((condition) => withTransition(condition, before, now)),
    ],
    hostIP: facts.hostIP,
    hostIPs: [{ ip: facts.hostIP }],
    podIP: facts.podIP,
    podIPs: [{ ip: facts.podIP }],
    startTime: timestamp(facts.startedAtMs),
    ...(facts.initStatuses.length > 0 ? { initContainerStatuses: facts.initStatuses } : {}),
    containerStatuses: facts.statuses,
  };
}

function withTransition(condition: PodCondition, before: readonly PodCondition[], now: string): PodCondition {
  const old = before.find(({ type }) => type === condition.type);
  const since = old?.status === condition.status ? (old.lastTransitionTime ?? now) : now;
  return { ...condition, lastTransitionTime: since };
}

function isInitialized(facts: PodFacts): boolean {
  return facts.initStatuses.every(({ name, started, state }) =>
    facts.sidecars.has(name) ? started === true : state?.terminated?.exitCode === 0,
  );
}

export function podPhase(facts: PodFacts): string {
  if (facts.failure) return 'Failed';
  const policy = facts.pod.spec.restartPolicy ?? 'Always';
  const regularInit = facts.initStatuses.filter(({ name }) => !facts.sidecars.has(name));
  const initFailed = regularInit.some(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  if (facts.over) {
    const all = [...regularInit, ...facts.statuses];
    return all.every(({ state }) => state?.terminated?.exitCode === 0) ? 'Succeeded' : 'Failed';
  }
  if (initFailed && policy === 'Never') return 'Failed';
  if (!isInitialized(facts)) return 'Pending';
  const waiting = facts.statuses.filter(({ lastState, state }) => state?.waiting && !lastState?.terminated);
  if (waiting.length > 0) return 'Pending';
  return 'Running';
}

function conditions(facts: PodFacts, phase: string): PodCondition[] {
  const unfinished = facts.initStatuses.filter(
    ({ name, started, state }) => !(facts.sidecars.has(name) ? started : state?.terminated?.exitCode === 0),
  );
  const notReady = facts.statuses.filter(({ ready }) => !ready).map(({ name }) => name);
  const done = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : undefined;
  const unready: Partial<PodCondition> =
    done === undefined
      ? { reason: 'ContainersNotReady', message: `containers with unready status: [${notReady.join(' ')}]` }
      : { reason: done };
  const containersReady = notReady.length === 0 && done === undefined;
  const openGates = (facts.pod.spec.readinessGates ?? [])
    .map(({ conditionType }) => conditionType)
    .filter((gate) => facts.pod.status?.conditions?.find(({ type }) => type === gate)?.status !== 'True');
  const ready = containersReady && openGates.length === 0;
  const gated: Partial<PodCondition> = {
    reason: 'ReadinessGatesNotReady',
    message: openGates
      .map((gate) => `corresponding condition of pod readiness gate "${gate}" does not exist or is not True.`)
      .join(', '),
  };
  const initialized = unfinished.length === 0;
  return [
    { type: 'PodReadyToStartContainers', status: facts.over ? 'False' : 'True' },
    initialized
      ? { type: 'Initialized', status: 'True', ...(phase === 'Succeeded' ? { reason: 'PodCompleted' } : {}) }
      : {
          type: 'Initialized',
          status: 'False',
          reason: 'ContainersNotInitialized',
          message: `containers with incomplete status: [${unfinished.map(({ name }) => name).join(' ')}]`,
        },
    { type: 'Ready', status: ready ? 'True' : 'False', ...(ready ? {} : containersReady ? gated : unready) },
    {
      type: 'ContainersReady',
      status: containersReady ? 'True' : 'False',
      ...(containersReady ? {} : unready),
    },
  ];
}
