import type { ConditionType, HpaCondition } from './decision';

/** The list with the condition set; a type keeps its place, a new one goes to the end. */
export function setCondition(
  conditions: readonly HpaCondition[],
  type: ConditionType,
  status: HpaCondition['status'],
  reason: string,
  message: string,
): readonly HpaCondition[] {
  const index = conditions.findIndex((c) => c.type === type);
  const old = conditions[index];
  if (old !== undefined && old.status === status && old.reason === reason && old.message === message)
    return conditions;
  const next = { type, status, reason, message };
  return old === undefined ? [...conditions, next] : conditions.with(index, next);
}
