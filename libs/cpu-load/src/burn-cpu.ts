import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest time that the event loop is held, in milliseconds: probes wait no longer than this per burning request. */
const sliceMs = 5;

/**
 * Burns CPU time of this thread, as the kernel counts it: on a throttled or crowded machine it takes longer on the
 * clock, not less work. Between slices other requests and probes get their turn. Ends early when the signal aborts.
 * @returns CPU milliseconds burnt
 */
export async function burnCpu(ms: number, signal?: AbortSignal): Promise<number> {
  let burntMs = 0;
  while (burntMs < ms && !signal?.aborted) {
    burntMs += burnSlice(Math.min(sliceMs, ms - burntMs));
    await nextTurn();
  }
  return burntMs;
}

function burnSlice(ms: number): number {
  const start = process.threadCpuUsage();
  let seed = start.user | 1;
  for (;;) {
    for (let round = 0; round < 5000; round++) seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0;
    const { user, system } = process.threadCpuUsage(start);
    const burntMs = (user + system) / 1000;
    // `seed` is looked at so that the loop cannot be optimised away.
    if (burntMs >= ms || seed === 0.5) return burntMs;
  }
}
