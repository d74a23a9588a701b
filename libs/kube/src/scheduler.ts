/** Takes a wake-up back. Calling it twice, or after it fired, does nothing. */
export type CancelWake = () => void;

/**
 * The only source of time of controllers and work queues. The lab has one real heap; tests and the simulator a virtual one.
 */
export interface Scheduler {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fn` once at `atMs` (epoch ms) or, when that has passed, as soon as possible; never before this call returns. */
  wakeAt(atMs: number, fn: () => void): CancelWake;
}
