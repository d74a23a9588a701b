/** One step of shutdown. Steps run one after the other in the order given. */
export interface ShutdownPhase {
  /** Stands in the log. */
  readonly name: string;
  /** Bound in milliseconds; default 10,000. What is left of the whole grace bounds it too. */
  readonly timeoutMs?: number;
  /** The signal aborts when the time is over; the next phase begins then, whether this one has returned or not. */
  run(signal: AbortSignal): Promise<void> | void;
}

/**
 * Stands for the HTTP server's own phase in a list of phases: stop accepting, answer what is in flight, close.
 * First when it is not in the list. Workers put it after their drain, so that probes and scrapes are answered meanwhile.
 */
export const httpPhase = 'http';
export type Phase = ShutdownPhase | typeof httpPhase;
