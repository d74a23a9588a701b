/** Approximate counts of a queue, the inputs of KEDA's `aws-sqs-queue` trigger. */
export interface QueueDepth {
  /** ApproximateNumberOfMessages: ready to be received. */
  readonly visible: number;
  /** ApproximateNumberOfMessagesNotVisible: received and not yet deleted. */
  readonly inFlight: number;
  /** ApproximateNumberOfMessagesDelayed: not yet ready for the first time. */
  readonly delayed: number;
}

/** Reads the counts from queue attributes; an absent count is 0. */
export function queueDepth(attributes: Readonly<Record<string, string>>): QueueDepth {
  const count = (name: string) => {
    const value = Number(attributes[name] ?? 0);
    return Number.isFinite(value) ? value : 0;
  };
  return {
    visible: count('ApproximateNumberOfMessages'),
    inFlight: count('ApproximateNumberOfMessagesNotVisible'),
    delayed: count('ApproximateNumberOfMessagesDelayed'),
  };
}
