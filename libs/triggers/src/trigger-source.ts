import type { ParsedTrigger, TriggerContext, TriggerObservation } from '@scalelab/scaling';

/** One question to one source. */
export interface TriggerQuestion {
  readonly parsed: ParsedTrigger;
  readonly context: TriggerContext;
  /** Of the ScaledObject. */
  readonly namespace: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Asks the source behind one kind of trigger. May reject: then the source counts as out of reach. */
export interface TriggerSource {
  observe(question: TriggerQuestion): Promise<TriggerObservation>;
  close(): Promise<void>;
}

/** For sources that hold nothing open. */
export const nothingToClose = (): Promise<void> => Promise.resolve();
