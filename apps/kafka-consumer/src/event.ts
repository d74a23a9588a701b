import type { KafkaRecord } from '@scalelab/kafka';

/** What a record may ask of the simulated work, where WORK_FROM_MESSAGE allows it. */
export interface RequestedWork {
  readonly ms?: number;
  /** Fails this many tries, then succeeds. */
  readonly fail?: number;
  /** Fails every try. */
  readonly poison?: boolean;
}

export interface Event {
  /** The producer's `id` header; without one, the record's place: the same at every delivery. */
  readonly id: string;
  /** The record's value as it came. */
  readonly data: string;
  readonly work: RequestedWork;
}

/** The record holds no JSON object. It fails every try and so ends in the dead-letter topic. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/** @throws UnreadableEvent naming where the record is and what it holds */
export function readEvent(record: KafkaRecord): Event {
  const place = `${record.topic}/${record.partition}@${record.offset}`;
  if (record.value === null)
    throw new UnreadableEvent(`${place}: the value is null, a JSON object is allowed`);
  const data = record.value.toString();
  return {
    id: record.headers.id ?? `${record.topic}-${record.partition}-${record.offset}`,
    data,
    work: workOf(place, data),
  };
}

function workOf(place: string, data: string): RequestedWork {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch (cause) {
    throw new UnreadableEvent(`${place}: the value is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new UnreadableEvent(
      `${place}: the value is ${Array.isArray(parsed) ? 'an array' : String(parsed)}, a JSON object is allowed`,
    );
  }
  const { work } = parsed as { work?: unknown };
  return typeof work === 'object' && work !== null ? work : {};
}
