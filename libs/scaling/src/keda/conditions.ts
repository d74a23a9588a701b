import { type KedaCondition, type KedaConditionStatus, type KedaConditionType } from './scaled-object';

export const readyReason = 'ScaledObjectReady';
export const readyMessage = 'ScaledObject is defined correctly and is ready for scaling';
export const pausedReason = 'ScaledObjectPaused';
export const pausedMessage = 'ScaledObject is paused';

export type Conditions = readonly KedaCondition[];

/** Conditions of an object KEDA has just seen for the first time. */
export const initialConditions: Conditions = [
  { type: 'Ready', status: 'Unknown' },
  { type: 'Active', status: 'Unknown' },
  { type: 'Fallback', status: 'Unknown' },
  { type: 'Paused', status: 'False' },
];

const allTypes: readonly KedaConditionType[] = ['Ready', 'Active', 'Fallback', 'Paused'];

export const areInitialized = (conditions: Conditions | undefined): boolean =>
  allTypes.every((type) => conditions?.some((condition) => condition.type === type));

/** The condition of that type. A type that is missing has no status at all, which is neither true, false nor unknown. */
export const conditionOf = (
  conditions: Conditions | undefined,
  type: KedaConditionType,
): { readonly status: KedaConditionStatus | ''; readonly reason: string; readonly message: string } => {
  const found = (conditions ?? initialConditions).find((condition) => condition.type === type);
  return { status: found?.status ?? '', reason: found?.reason ?? '', message: found?.message ?? '' };
};

/** Conditions with one of them changed; a type that is not there stays away. Without a change it is the same list. */
export function withCondition(
  conditions: Conditions | undefined,
  type: KedaConditionType,
  status: KedaConditionStatus,
  reason: string,
  message: string,
): Conditions | undefined {
  const old = conditions?.find((condition) => condition.type === type);
  if (!old) return conditions;
  const { reason: oldReason = '', message: oldMessage = '' } = old;
  if (old.status === status && oldReason === reason && oldMessage === message) return conditions;
  return conditions?.map((condition) =>
    condition.type === type ? { type, status, reason, message } : condition,
  );
}
