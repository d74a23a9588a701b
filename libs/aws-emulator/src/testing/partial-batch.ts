type Json = Record<string, unknown>;
type Entry = { Id: string };
type WriteRequests = Record<string, unknown[]>;

/** A batch call of which only a part reaches the service: what is forwarded, and how the answer is completed. */
export interface PartialBatch {
  /** Undefined when nothing is left to forward. */
  readonly forward: Json | undefined;
  complete(answer: Json): Json;
}

/** Holds back the first `count` entries of an SQS batch and reports them as failed. */
export function failEntries(body: Json, count: number, senderFault: boolean, code: string): PartialBatch {
  const entries = (body.Entries ?? []) as Entry[];
  const failed = entries.slice(0, count).map(({ Id }) => ({
    Id,
    SenderFault: senderFault,
    Code: code,
    Message: 'put in by the fault proxy',
  }));
  const rest = entries.slice(count);
  return {
    forward: rest.length > 0 ? { ...body, Entries: rest } : undefined,
    complete: (answer) => ({
      ...answer,
      Successful: answer.Successful ?? [],
      Failed: [...((answer.Failed as unknown[] | undefined) ?? []), ...failed],
    }),
  };
}

/** Holds back the last `count` writes of a BatchWriteItem and reports them as unprocessed. */
export function leaveUnprocessed(body: Json, count: number): PartialBatch {
  const kept: WriteRequests = {};
  const unprocessed: WriteRequests = {};
  const flat = Object.entries((body.RequestItems ?? {}) as WriteRequests).flatMap(([table, writes]) =>
    writes.map((write) => ({ table, write })),
  );
  flat.forEach(({ table, write }, index) => {
    const to = index < flat.length - count ? kept : unprocessed;
    (to[table] ??= []).push(write);
  });
  return {
    forward: Object.keys(kept).length > 0 ? { ...body, RequestItems: kept } : undefined,
    complete: (answer) => ({ ...answer, UnprocessedItems: unprocessed }),
  };
}
