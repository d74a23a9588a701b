import { apiTime } from '@scalelab/kube';

/** The part that conditions of all kinds have in common. */
export type StatusCondition = {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
};

/** The conditions with one set; its transition time moves only when its status does. */
export function withCondition<C extends StatusCondition>(
  conditions: readonly C[] | undefined,
  wanted: C,
  nowMs: number,
): readonly C[] {
  const present = conditions?.find((condition) => condition.type === wanted.type);
  const lastTransitionTime =
    present?.status === wanted.status && present.lastTransitionTime !== undefined
      ? present.lastTransitionTime
      : apiTime(nowMs);
  const next: C = { ...wanted, lastTransitionTime };
  if (present === undefined) return [...(conditions ?? []), next];
  return (conditions ?? []).map((condition) => (condition.type === wanted.type ? next : condition));
}

export function conditionOf<C extends StatusCondition>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function withoutCondition<C extends StatusCondition>(
  conditions: readonly C[] | undefined,
  type: string,
): readonly C[] {
  return (conditions ?? []).filter((condition) => condition.type !== type);
}
