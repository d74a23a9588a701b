import { isDeepStrictEqual } from 'node:util';
import { AwsError } from './aws-error';
import type { BackoffOptions, Random } from './backoff';
import type { Clock } from './clock';
import { GroupCommit, type Outcome } from './group-commit';
import type { Item, TablePort } from './table-port';

export interface TableWriterOptions {
  readonly tables: TablePort;
  readonly table: string;
  /** Name of the partition key, a string that is the same whenever the same work is done again. Default `id`. */
  readonly key?: string;
}

/** `exists`: an earlier try has written it, so that the work is done and may be acknowledged. */
export type WriteResult = 'written' | 'exists';

export interface TableWriter {
  put(item: Item): Promise<WriteResult>;
  /** Resolves when every item is settled. */
  flush(): Promise<void>;
}

/** One conditional put an item: the first write of a key wins and later ones learn that they came second. */
export function conditionalWriter({ tables, table, key = 'id' }: TableWriterOptions): TableWriter {
  const open = new Set<Promise<unknown>>();
  return {
    put(item) {
      const put = tables.putIfAbsent(table, key, item);
      open.add(put);
      const settled = () => void open.delete(put);
      put.then(settled, settled);
      return put;
    },
    flush: async () => void (await Promise.allSettled(open)),
  };
}

export interface BatchWriterOptions extends TableWriterOptions {
  /** Milliseconds that an item waits for company. Default 5. */
  readonly lingerMs?: number;
  /** Items a call, 1..25. Default 25, DynamoDB's limit. */
  readonly maxItems?: number;
  /** Calls in flight. Default 8. */
  readonly maxCalls?: number;
  /** Tries of an item that comes back unprocessed. Default 8. */
  readonly attempts?: number;
  /** Waits between tries, milliseconds. Default: full jitter of 50 doubling to 2,000. */
  readonly backoff?: BackoffOptions;
  readonly random?: Random;
  readonly clock?: Clock;
}

/**
 * BatchWriteItem for items that never change: a batch has no conditions, so that writing a key again must write the same bytes.
 * Always answers `written`. Items of one key never share a call, which DynamoDB refuses.
 */
export function batchWriter(options: BatchWriterOptions): TableWriter {
  const { tables, table, key = 'id', lingerMs = 5, maxItems = 25, maxCalls = 8, attempts = 8 } = options;
  const commits = new GroupCommit<Item, WriteResult>({
    commit: (items) => writeItems(tables, table, key, items),
    maxItems,
    keyOf: (item) => String(item[key]),
    lingerMs,
    maxCalls,
    attempts,
    ...(options.backoff ? { backoff: options.backoff } : {}),
    ...(options.random ? { random: options.random } : {}),
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const open = new Map<string, { item: Item; put: Promise<WriteResult> }>();
  return {
    put(item) {
      const id = String(item[key]);
      const same = open.get(id);
      if (same && isDeepStrictEqual(same.item, item)) return same.put;
      if (same)
        return Promise.reject(
          new AwsError(
            'ItemConflict',
            `two items with ${key} ${id} differ: only immutable items may be batched`,
          ),
        );
      const put = commits.add(item).finally(() => open.delete(id));
      open.set(id, { item, put });
      return put;
    },
    flush: () => commits.flush(),
  };
}

async function writeItems(
  tables: TablePort,
  table: string,
  key: string,
  items: readonly Item[],
): Promise<Outcome<WriteResult>[]> {
  try {
    const unprocessed = new Set((await tables.putBatch(table, items)).map((item) => item[key]));
    return items.map((item) =>
      unprocessed.has(item[key])
        ? {
            kind: 'again',
            error: new AwsError('WriteFailed', `${key} ${String(item[key])} came back unprocessed`),
          }
        : { kind: 'done', result: 'written' },
    );
  } catch (cause) {
    const error = new AwsError('WriteFailed', `the call to table ${table} failed`, { cause });
    return items.map(() => ({ kind: 'again', error }));
  }
}
