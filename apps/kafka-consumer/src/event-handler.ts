import type { TableWriter } from '@scalelab/aws';
import type { RecordHandler } from '@scalelab/kafka';
import { readEvent } from './event';
import type { SimulatedWork } from './simulated-work';

export interface EventHandlerDeps {
  readonly writer: TableWriter;
  readonly work: SimulatedWork;
  /** An event whose item was there already: delivered again after a crash, a rebalance or a retry of its producer. */
  readonly onDuplicate: () => void;
}

/** Works on an event and stores it under its id: the same event again changes nothing. */
export function eventHandler({ writer, work, onDuplicate }: EventHandlerDeps): RecordHandler {
  return async (record, context) => {
    const event = readEvent(record);
    await work(event.work, context);
    const { topic, partition, offset, key } = record;
    const result = await writer.put({ id: event.id, topic, partition, offset, key, data: event.data });
    if (result === 'exists') onDuplicate();
  };
}
