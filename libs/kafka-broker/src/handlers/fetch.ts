import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import { fetch } from '../protocol/messages';
import type { Decoded, Encodable } from '../protocol/schema';
import type { PartitionLog } from '../storage/partition-log';
import type { BrokerContext, Call } from './context';
import { refusalOf, unknownPartition } from './refusal';
import { route } from './route';

type FetchRequest = Decoded<typeof fetch.request>;
type FetchResponse = Encodable<typeof fetch.response>;
type FetchedTopic = FetchResponse['topics'][number];
type FetchedPartition = FetchedTopic['partitions'][number];
type WantedPartition = FetchRequest['topics'][number]['partitions'][number];

/** Messages of at most this many bytes in one answer, whatever the client allows: Kafka's `fetch.max.bytes` of the broker. */
const maxAnswerBytes = 57_671_680;
const longestWaitMs = 600_000;
const noRecords = Buffer.alloc(0);

export const fetchRoute = route(fetch, (request, context, call) => {
  // No fetch sessions: an answer with session 0 makes clients name all their partitions each time.
  if (request.sessionId !== 0) {
    return { errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND, topics: [] };
  }
  const first = read(request, context);
  if (first.ready || request.maxWaitMs <= 0) return first.response;
  return wait(request, context, call);
});

interface Reading {
  readonly response: FetchResponse;
  /** Enough bytes, or an error that must not wait. */
  readonly ready: boolean;
}

/** Answers when enough has come, or when the wait is over. */
function wait(request: FetchRequest, context: BrokerContext, call: Call): Promise<FetchResponse | undefined> {
  const logs = request.topics.flatMap(({ topic, partitions }) =>
    partitions
      .map(({ partition }) => context.topics.log(topic, partition))
      .filter((log) => log !== undefined),
  );
  return new Promise((resolve) => {
    let looking = false;
    const finish = (response: FetchResponse | undefined) => {
      for (const log of logs) log.readers.delete(wake);
      cancelTimer();
      stopListening();
      resolve(response);
    };
    const look = () => {
      looking = false;
      if (!logs.some((log) => log.readers.has(wake))) return;
      const reading = read(request, context);
      if (reading.ready) finish(reading.response);
    };
    // One look for all that is appended in this turn of the event loop.
    const wake = () => {
      if (looking) return;
      looking = true;
      setImmediate(look);
    };
    const dueAtMs = context.clock.now() + Math.min(request.maxWaitMs, longestWaitMs);
    const cancelTimer = context.clock.wakeAt(dueAtMs, () => finish(read(request, context).response));
    const stopListening = call.onClose(() => finish(undefined));
    for (const log of logs) log.readers.add(wake);
  });
}

function read(request: FetchRequest, context: BrokerContext): Reading {
  let room = Math.min(request.maxBytes, maxAnswerBytes);
  let bytes = 0;
  let failed = false;
  const readOne = (topic: string, wanted: WantedPartition): FetchedPartition => {
    const log = context.topics.log(topic, wanted.partition);
    try {
      if (!log) throw unknownPartition(topic, wanted.partition);
      checkEpoch(wanted.currentLeaderEpoch);
      const committedOnly = request.isolationLevel === 1;
      const limit = Math.max(0, Math.min(room, wanted.partitionMaxBytes));
      // The first partition with messages gives at least one batch, or a large batch would stop its reader for ever.
      const got = log.read(wanted.fetchOffset, limit, committedOnly, bytes === 0);
      room -= got.records.length;
      bytes += got.records.length;
      return { ...positions(wanted.partition, log), ...got, errorCode: ErrorCode.NONE };
    } catch (error) {
      failed = true;
      const { errorCode } = refusalOf(context, error);
      const found = log ? positions(wanted.partition, log) : unknownPositions(wanted.partition);
      return { ...found, errorCode, records: noRecords };
    }
  };
  const topics = request.topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => readOne(topic, partition)),
  }));
  return { response: { topics }, ready: failed || topics.length === 0 || bytes >= request.minBytes };
}

/** The broker's only leader epoch is 0. */
export function checkEpoch(currentLeaderEpoch: number): void {
  if (currentLeaderEpoch > 0) {
    throw new ProtocolError(
      ErrorCode.UNKNOWN_LEADER_EPOCH,
      `leader epoch ${currentLeaderEpoch} is unknown here`,
    );
  }
}

function positions(partitionIndex: number, log: PartitionLog) {
  const { highWatermark, lastStableOffset, logStartOffset } = log;
  return { partitionIndex, highWatermark, lastStableOffset, logStartOffset };
}

function unknownPositions(partitionIndex: number) {
  return { partitionIndex, highWatermark: -1, lastStableOffset: -1, logStartOffset: -1 };
}
