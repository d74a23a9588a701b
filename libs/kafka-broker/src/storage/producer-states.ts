import { ErrorCode, ProtocolError } from '../protocol/error-codes';
import type { BatchHeader } from '../records/batch-header';

interface SeenBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
}

interface ProducerState {
  epoch: number;
  batches: SeenBatch[];
  lastSeenMs: number;
}

/** Batches remembered per producer, as many as a client may have in flight (Kafka's number). */
const rememberedBatches = 5;
const greatestSequence = 2_147_483_647;

/** The idempotent producers of one partition: what each may send next, and where its last batches went. */
export class ProducerStates {
  private readonly producers = new Map<number, ProducerState>();

  constructor(private readonly maxProducers = 10_000) {}

  get size(): number {
    return this.producers.size;
  }

  /**
   * The offset that the batch got before, when it was sent before; undefined when it is the next one.
   * @throws ProtocolError `INVALID_PRODUCER_EPOCH` or `OUT_OF_ORDER_SEQUENCE_NUMBER`.
   */
  check(header: BatchHeader): number | undefined {
    const state = this.producers.get(header.producerId);
    // As in Kafka: a producer whose messages are all gone by retention may go on at any number.
    if (!state) return undefined;
    if (header.producerEpoch < state.epoch) {
      throw new ProtocolError(
        ErrorCode.INVALID_PRODUCER_EPOCH,
        `epoch ${header.producerEpoch} of producer ${header.producerId} is older than ${state.epoch}`,
      );
    }
    if (header.producerEpoch > state.epoch) {
      if (header.baseSequence === 0) return undefined;
      throw outOfOrder(header, 0);
    }
    const last = state.batches.at(-1);
    if (!last) return undefined;
    const seen = state.batches.find(
      (batch) => batch.firstSequence === header.baseSequence && batch.lastSequence === lastSequenceOf(header),
    );
    if (seen) return seen.baseOffset;
    const expected = last.lastSequence === greatestSequence ? 0 : last.lastSequence + 1;
    if (header.baseSequence !== expected) throw outOfOrder(header, expected);
    return undefined;
  }

  /** Notes a batch that is in the log at `baseOffset`. */
  note(header: BatchHeader, baseOffset: number, nowMs: number): void {
    let state = this.producers.get(header.producerId);
    if (state) this.producers.delete(header.producerId);
    if (!state || header.producerEpoch > state.epoch) {
      state = { epoch: header.producerEpoch, batches: [], lastSeenMs: nowMs };
    }
    state.lastSeenMs = nowMs;
    if (!header.control) {
      state.batches.push({
        firstSequence: header.baseSequence,
        lastSequence: lastSequenceOf(header),
        baseOffset,
      });
      if (state.batches.length > rememberedBatches) state.batches.shift();
    }
    // Re-inserted last: the map's order is the order of use, and the first is the one to forget.
    this.producers.set(header.producerId, state);
    if (this.producers.size > this.maxProducers) {
      const oldest = this.producers.keys().next();
      if (!oldest.done) this.producers.delete(oldest.value);
    }
  }

  forgetIdleSince(ms: number): void {
    for (const [producerId, state] of this.producers) {
      if (state.lastSeenMs >= ms) return;
      this.producers.delete(producerId);
    }
  }
}

function lastSequenceOf(header: BatchHeader): number {
  const delta = header.lastOffset - header.baseOffset;
  const room = greatestSequence - header.baseSequence;
  return delta > room ? delta - room - 1 : header.baseSequence + delta;
}

function outOfOrder(header: BatchHeader, expected: number): ProtocolError {
  return new ProtocolError(
    ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
    `producer ${header.producerId} sent sequence ${header.baseSequence}, ${expected} is next`,
  );
}
