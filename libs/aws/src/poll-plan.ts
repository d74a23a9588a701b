export interface PollState {
  /** Messages that may be held at once. */
  readonly maxInFlight: number;
  /** Messages held. */
  readonly held: number;
  /** Messages that open polls have asked for. */
  readonly reserved: number;
  readonly openPolls: number;
  /** The last poll brought something. */
  readonly busy: boolean;
  /** Polls when busy. */
  readonly maxPolls: number;
}

/** SQS hands out ten messages a receive at most. */
export const receiveSize = 10;

/**
 * How many messages the next poll should ask for, 0 for no poll now. One poll while idle, so that an empty queue costs one call per
 * long poll; up to `maxPolls` once messages come. Polls never ask for more than there are free slots.
 */
export function nextPoll({ maxInFlight, held, reserved, openPolls, busy, maxPolls }: PollState): number {
  if (openPolls >= (busy ? maxPolls : 1)) return 0;
  return Math.max(0, Math.min(receiveSize, maxInFlight - held - reserved));
}

/** Whether a poll of this size is worth a call at once; a smaller one waits a moment for more slots to fall free. */
export function isFullPoll(size: number, maxInFlight: number): boolean {
  return size >= Math.min(receiveSize, maxInFlight);
}
