import { AwsError } from './aws-error';
import type { Random } from './backoff';
import type { Clock } from './clock';
import { GroupCommit, type Outcome } from './group-commit';
import type { QueuePort } from './queue-port';

export interface DeleteBufferOptions {
  readonly queues: QueuePort;
  readonly queueUrl: string;
  /** Milliseconds that a delete waits for company; ten go at once. */
  readonly lingerMs: number;
  readonly random: Random;
  readonly clock: Clock;
}

/**
 * Deletes finished messages ten at a time. A 200 answer may hold failed entries: those that are not the sender's fault are tried
 * again by receipt handle; deleting a handle twice is harmless.
 */
export class DeleteBuffer {
  private readonly commits: GroupCommit<string, void>;

  constructor(options: DeleteBufferOptions) {
    const { queues, queueUrl, lingerMs, random, clock } = options;
    this.commits = new GroupCommit<string, void>({
      commit: (handles) => deleteAll(queues, queueUrl, handles),
      maxItems: 10,
      lingerMs,
      attempts: 6,
      random,
      clock,
    });
  }

  /** @throws AwsError DeleteFailed when the message will be delivered again. */
  async delete(receiptHandle: string): Promise<void> {
    try {
      await this.commits.add(receiptHandle);
    } catch (cause) {
      throw new AwsError(
        'DeleteFailed',
        'a finished message could not be deleted and will be delivered again',
        { cause },
      );
    }
  }

  flush(): Promise<void> {
    return this.commits.flush();
  }
}

async function deleteAll(
  queues: QueuePort,
  queueUrl: string,
  handles: readonly string[],
): Promise<Outcome<void>[]> {
  const outcomes: Outcome<void>[] = handles.map(() => ({ kind: 'done', result: undefined }));
  for (const { index, code, message, senderFault } of await queues.deleteBatch(queueUrl, handles)) {
    outcomes[index] = { kind: senderFault ? 'failed' : 'again', error: new Error(`${code}: ${message}`) };
  }
  return outcomes;
}
