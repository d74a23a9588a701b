import type { TriggerObservation } from '@scalelab/scaling';
import type { TriggerQuestion } from '@scalelab/triggers';

/** Asks a trigger's source; `TriggerSources` of @scalelab/triggers. */
export interface TriggerObserver {
  observe(question: TriggerQuestion): Promise<TriggerObservation>;
}
