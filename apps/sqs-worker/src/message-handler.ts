import { setTimeout as sleep } from 'node:timers/promises';
import type { Handler, TableWriter, WriteResult } from '@scalelab/aws';
import { idAttribute, itemOf, traceAttribute, type MessageBody } from './message';
import { demandOf, type WorkKnobs } from './work-demand';

export interface MessageHandlerDeps {
  readonly writer: TableWriter;
  readonly knobs: WorkKnobs;
  readonly random: () => number;
  readonly onWritten: (result: WriteResult) => void;
}

/**
 * Does the work, then writes its effect under the message's own id. Both may happen again after a crash or a lost delete; the
 * conditional write lets only the first take effect, and finding it there is success.
 */
export function createMessageHandler({
  writer,
  knobs,
  random,
  onWritten,
}: MessageHandlerDeps): Handler<MessageBody> {
  return async ({ id, body, attributes, sentAtMs, receiveCount }, { signal }) => {
    const { workMs, fails } = demandOf(body, knobs, random);
    if (workMs > 0) await sleep(workMs, undefined, { signal });
    if (fails) throw new Error('the work failed, as it was told to');
    signal.throwIfAborted();
    const item = itemOf({
      // Messages that did not come through the API have no id of ours; SQS's own stays the same over redeliveries.
      id: attributes[idAttribute] ?? id,
      body,
      sentAtMs,
      processedAtMs: Date.now(),
      receiveCount,
      traceparent: attributes[traceAttribute],
    });
    onWritten(await writer.put(item));
  };
}
