import type { HpaCondition } from './decision';

/** The list with the condition set; a type keeps its place, a new one goes to the end. */
export function setCondition(
  conditions: readonly HpaCondition[],
  { type, status, reason, message }: Omit<HpaCondition, 'lastTransitionMs'>,
  nowMs: number,
): readonly HpaCondition[] {
  const index = conditions.findIndex((c) => c.type === type);
  const old = conditions[index];
  if (old?.status === status && old.reason === reason && old.message === message) return conditions;
  const lastTransitionMs = old?.status === status ? old.lastTransitionMs : nowMs;
  const next = { type, status, reason, message, lastTransitionMs };
  return old === undefined ? [...conditions, next] : conditions.with(index, next);
}

export function sameConditions(a: readonly HpaCondition[], b: readonly HpaCondition[]): boolean {
  return (
    a.length === b.length &&
    a.every((condition, i) => {
      const other = b[i];
      return (
        condition.type === other?.type &&
        condition.status === other.status &&
        condition.reason === other.reason &&
        condition.message === other.message &&
        condition.lastTransitionMs === other.lastTransitionMs
      );
    })
  );
}
