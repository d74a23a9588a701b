import type { Step } from '../step';
import type { HpaDecision, HpaEffect } from './decision';
import type { HpaInput } from './input';
import type { HpaState } from './state';

export declare function reconcile(
  state: HpaState,
  nowMs: number,
  input: HpaInput,
): Step<HpaState, HpaEffect, HpaDecision>;
