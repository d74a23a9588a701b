/** Time as the consumer sees it: monotonic milliseconds, and being woken at one of them. */
export interface Clock {
  now(): number;
  /** Runs `wake` at `atMs` (at once when that is past). The returned function cancels it. */
  wakeAt(atMs: number, wake: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wakeAt(atMs, wake) {
    const timer = setTimeout(wake, Math.max(0, atMs - performance.now()));
    return () => clearTimeout(timer);
  },
};
