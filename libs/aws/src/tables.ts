import type { AwsClientSettings } from './client-settings';
import type { TablePort } from './table-port';

type Connected = TablePort & { close(): void };

/** DynamoDB, whose SDK is loaded at the first call: a process that only sends never pays for it. */
export function createTablePort(settings: AwsClientSettings): TablePort & { close(): Promise<void> } {
  let loading: Promise<Connected> | undefined;
  const tables = () => (loading ??= import('./dynamo').then(({ connectTables }) => connectTables(settings)));
  return {
    putIfAbsent: async (table, key, item) => (await tables()).putIfAbsent(table, key, item),
    putBatch: async (table, items) => (await tables()).putBatch(table, items),
    get: async (table, key, value) => (await tables()).get(table, key, value),
    async *scan(table, attributes) {
      yield* (await tables()).scan(table, attributes);
    },
    status: async (table) => (await tables()).status(table),
    create: async (table, key) => (await tables()).create(table, key),
    close: async () => (await loading)?.close(),
  };
}
