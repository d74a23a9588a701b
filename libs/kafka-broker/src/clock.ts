/** Time as the broker sees it, so that tests can hold it. Milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Runs `wake` at `atMs` (soon when that is past). The returned function cancels it. */
  wakeAt(atMs: number, wake: () => void): () => void;
}

/** Longest delay a Node timer takes; a later wake-up is armed again from there. */
const longestDelayMs = 2_147_483_647;

export const systemClock: Clock = {
  now: () => Date.now(),
  wakeAt(atMs, wake) {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const delay = Math.max(0, atMs - Date.now());
      timer = delay > longestDelayMs ? setTimeout(arm, longestDelayMs) : setTimeout(wake, delay);
    };
    arm();
    return () => clearTimeout(timer);
  },
};
