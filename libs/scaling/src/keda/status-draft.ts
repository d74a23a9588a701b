import { type KedaEffect } from './loop-types';
import { withCondition } from './conditions';
import { type KedaConditionStatus, type KedaConditionType, type ScaledObjectStatus } from './scaled-object';

/** Status and effects of a step while it is being worked out. Lives no longer than the step. */
export class StatusDraft {
  readonly effects: KedaEffect[] = [];

  constructor(public status: ScaledObjectStatus) {}

  set(change: Partial<ScaledObjectStatus>): void {
    this.status = { ...this.status, ...change };
  }

  /** Takes fields out of the status. */
  clear(...fields: readonly (keyof ScaledObjectStatus)[]): void {
    const rest = Object.entries(this.status).filter(([key]) => !(fields as readonly string[]).includes(key));
    this.status = Object.fromEntries(rest);
  }

  setCondition(type: KedaConditionType, status: KedaConditionStatus, reason: string, message: string): void {
    const conditions = withCondition(this.status.conditions, type, status, reason, message);
    if (conditions && conditions !== this.status.conditions) this.set({ conditions });
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.effects.push({ kind: 'event', type, reason, message });
  }
}
