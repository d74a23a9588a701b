import { requestScale } from '../../keda/executor';
import { type KedaCondition, type ScaledObject } from '../../keda/scaled-object';
import { StatusDraft } from '../../keda/status-draft';
import { type KedaCase } from './case';
import { firstDifference, type KedaDifference } from './compare';
import {
  instantOf,
  recordedActivity,
  recordedConditions,
  recordedEvents,
  secondsOf,
  timestampOf,
} from './time-line';

export interface ObjectChange {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly annotationsRemoved?: boolean;
  readonly spec?: ScaledObject['spec'];
}

interface ExecutorInput {
  readonly scaledObject: ScaledObject;
  readonly createdAt: number;
  readonly lastActiveTime: number | null;
  readonly conditions: readonly KedaCondition[];
  readonly externalMetricNames?: readonly string[];
  readonly workload: { readonly kind: string; readonly replicas: number };
}
interface ExecutorTick {
  readonly t: number;
  readonly change?: ObjectChange;
  readonly replicas: number;
  readonly isActive: boolean;
  readonly isError: boolean;
  readonly activeTriggers?: readonly string[];
  readonly scaleError?: 'get' | 'update';
  readonly replicasAfter: number;
  readonly lastActiveTime: number | null;
  readonly pausedReplicaCount?: number;
  readonly triggersActivity?: Readonly<Record<string, boolean>>;
  readonly conditions?: readonly KedaCondition[];
  readonly events?: readonly string[];
}

export function changeObject(object: ScaledObject, change: ObjectChange | undefined): ScaledObject {
  if (!change) return object;
  const { annotations: _old, ...metadata } = object.metadata;
  const annotations = change.annotationsRemoved
    ? undefined
    : (change.annotations ?? object.metadata.annotations);
  return {
    ...object,
    metadata: { ...metadata, ...(annotations ? { annotations } : {}) },
    spec: change.spec ?? object.spec,
  };
}

/** A case of the family executor: one check after another, with nothing else around it. */
export function replayExecutorCase(recorded: KedaCase): KedaDifference | undefined {
  const input = recorded.input as ExecutorInput;
  const { apiVersion = 'apps/v1', kind = 'Deployment' } = input.scaledObject.spec.scaleTargetRef;
  const [group = '', version = ''] = apiVersion.split('/');
  let object: ScaledObject = {
    ...input.scaledObject,
    metadata: { ...input.scaledObject.metadata, creationTimestamp: timestampOf(input.createdAt) },
  };
  let draft = new StatusDraft({
    scaleTargetKind: `${apiVersion}.${kind}`,
    scaleTargetGVKR: { group, version, kind, resource: `${kind.toLowerCase()}s` },
    conditions: input.conditions,
    ...(input.externalMetricNames ? { externalMetricNames: input.externalMetricNames } : {}),
    ...(input.lastActiveTime === null ? {} : { lastActiveTime: timestampOf(input.lastActiveTime) }),
  });
  let conditions: readonly KedaCondition[] | undefined;
  for (const [i, tick] of (recorded.ticks as readonly ExecutorTick[]).entries()) {
    object = changeObject(object, tick.change);
    draft = new StatusDraft(draft.status);
    const workload = { replicas: tick.replicas, ...(tick.scaleError ? { scaleError: tick.scaleError } : {}) };
    const { isActive, isError, activeTriggers = [] } = tick;
    const { replicas } = requestScale(
      object,
      workload,
      instantOf(tick.t),
      { isActive, isError, activeTriggers },
      draft,
    );
    conditions = tick.conditions ?? conditions;
    const { status } = draft;
    const difference =
      firstDifference(`ticks[${i}].replicasAfter`, tick.replicasAfter, replicas) ??
      firstDifference(`ticks[${i}].lastActiveTime`, tick.lastActiveTime, secondsOf(status.lastActiveTime)) ??
      firstDifference(`ticks[${i}].pausedReplicaCount`, tick.pausedReplicaCount, status.pausedReplicaCount) ??
      firstDifference(`ticks[${i}].triggersActivity`, tick.triggersActivity, recordedActivity(status)) ??
      firstDifference(`ticks[${i}].conditions`, conditions, recordedConditions(status.conditions)) ??
      firstDifference(`ticks[${i}].events`, tick.events ?? [], recordedEvents(draft.effects));
    if (difference) return difference;
  }
  return undefined;
}
