import { ErrorCode } from '../protocol/error-codes';
import { produce } from '../protocol/messages';
import { validateBatch } from '../records/validate-batch';
import type { BrokerContext } from './context';
import { type Refusal, refusalOf, unknownPartition } from './refusal';
import { route } from './route';

interface Written {
  readonly index: number;
  readonly errorCode: ErrorCode;
  readonly baseOffset: number;
  readonly logStartOffset: number;
  readonly errorMessage: string | null;
}

export const produceRoute = route(produce, (request, context) => {
  const { acks } = request;
  if (acks !== 0 && acks !== 1 && acks !== -1) {
    return { topics: request.topics.map((topic) => refuseTopic(topic, ErrorCode.INVALID_REQUIRED_ACKS)) };
  }
  const topics = request.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ index, records }) => write(context, name, index, records)),
  }));
  if (acks !== 0) return { topics };
  const failed = topics.flatMap(({ partitions }) => partitions).find(({ errorCode }) => errorCode !== 0);
  // A producer that waits for no answer learns of a failure only by the end of its connection.
  if (failed) throw new UnacknowledgedWriteFailed(failed.errorMessage ?? `error ${failed.errorCode}`);
  return undefined;
});

/** A write with acks=0 was refused. */
export class UnacknowledgedWriteFailed extends Error {}

function write(context: BrokerContext, topicName: string, index: number, records: Buffer | null): Written {
  const { topics, transactions, counters, clock } = context;
  const log = topics.log(topicName, index);
  try {
    if (!log) throw unknownPartition(topicName, index);
    const header = validateBatch(records, log.limits.maxMessageBytes);
    if (header.transactional) transactions.checkWrite(header, topicName, index);
    const { baseOffset, duplicate } = log.append(records ?? Buffer.alloc(0), header, clock.now());
    if (duplicate) counters.duplicateBatches += 1;
    else {
      counters.messagesIn += header.recordCount;
      topics.appended(header.byteLength);
    }
    return {
      index,
      errorCode: ErrorCode.NONE,
      errorMessage: null,
      baseOffset,
      logStartOffset: log.logStartOffset,
    };
  } catch (error) {
    return refused(index, refusalOf(context, error));
  }
}

function refused(index: number, refusal: Refusal): Written {
  return { index, ...refusal, baseOffset: -1, logStartOffset: -1 };
}

function refuseTopic(
  topic: { readonly name: string; readonly partitions: readonly { readonly index: number }[] },
  errorCode: ErrorCode,
): { name: string; partitions: Written[] } {
  return {
    name: topic.name,
    partitions: topic.partitions.map(({ index }) => refused(index, { errorCode, errorMessage: null })),
  };
}
