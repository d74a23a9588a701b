import { withCondition } from './conditions';
import { type KedaConditionStatus, type KedaConditionType } from './scaled-object';
import { type ScaledJobStatus } from './scaled-job';
import { type ScaledJobEffect } from './scaled-job-types';

/** Status and effects of a ScaledJob's step while it is being worked out. Lives no longer than the step. */
export class JobDraft {
  readonly effects: ScaledJobEffect[] = [];

  constructor(public status: ScaledJobStatus) {}

  set(change: Partial<ScaledJobStatus>): void {
    this.status = { ...this.status, ...change };
  }

  setCondition(type: KedaConditionType, status: KedaConditionStatus, reason: string, message: string): void {
    const conditions = withCondition(this.status.conditions, type, status, reason, message);
    if (conditions) this.set({ conditions });
  }

  event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.effects.push({ kind: 'event', type, reason, message });
  }
}
