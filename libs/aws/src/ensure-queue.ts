import type { QueuePort } from './queue-port';

export interface QueueSpec {
  readonly name: string;
  /** Seconds for which a received message is hidden when the receiver asks for nothing else. Default 30. */
  readonly visibilitySeconds?: number;
  /** Name of the dead-letter queue; made too when missing. Absent: no redrive. */
  readonly deadLetterName?: string;
  /** Receives after which a message moves to the dead-letter queue. Default 5. */
  readonly maxReceiveCount?: number;
}

export interface EnsuredQueue {
  readonly url: string;
  readonly deadLetterUrl?: string;
  /** Names of the queues that were missing and have been made, or whose redrive policy has been set. */
  readonly made: readonly string[];
}

/**
 * Finds the queue and its dead-letter queue, and makes what is missing. Attributes of a queue that is there are its owner's and stay,
 * but for a redrive policy where none is set. Safe to run from many processes at once.
 */
export async function ensureQueue(queues: QueuePort, spec: QueueSpec): Promise<EnsuredQueue> {
  const { name, visibilitySeconds = 30, deadLetterName, maxReceiveCount = 5 } = spec;
  const fifo: Record<string, string> = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  const made: string[] = [];
  const attributes: Record<string, string> = { ...fifo, VisibilityTimeout: String(visibilitySeconds) };
  let deadLetterUrl: string | undefined;
  if (deadLetterName) {
    // 14 days, the longest that SQS keeps a message: a dead letter is there to be looked at.
    const keep = { ...fifo, MessageRetentionPeriod: '1209600' };
    deadLetterUrl = await findOrCreate(queues, deadLetterName, keep, made);
    const { QueueArn } = await queues.attributes(deadLetterUrl);
    attributes.RedrivePolicy = JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount });
  }
  const url = await findOrCreate(queues, name, attributes, made);
  if (attributes.RedrivePolicy && !made.includes(name) && !(await queues.attributes(url)).RedrivePolicy) {
    await queues.setAttributes(url, { RedrivePolicy: attributes.RedrivePolicy });
    made.push(name);
  }
  return { url, ...(deadLetterUrl ? { deadLetterUrl } : {}), made };
}

async function findOrCreate(
  queues: QueuePort,
  name: string,
  attributes: Record<string, string>,
  made: string[],
): Promise<string> {
  const found = await queues.find(name);
  if (found) return found;
  try {
    const url = await queues.create(name, attributes);
    made.push(name);
    return url;
  } catch (error) {
    // Another process may have made it meanwhile, with attributes of its own.
    const late = await queues.find(name);
    if (late) return late;
    throw error;
  }
}
