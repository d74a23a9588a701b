import type { Store } from 'dynalite/db';
import { operations } from './operations';

interface Table {
  readonly TableName: string;
  readonly TableStatus: string;
  readonly GlobalSecondaryIndexes?: readonly { readonly IndexStatus: string }[];
}

/**
 * Finishes what a kill interrupted: dynalite makes a table ACTIVE, and removes a deleted one, a moment after its answer, and a table
 * whose process ended in that moment would stay as it was for ever.
 */
export async function settleTables(store: Store): Promise<void> {
  for await (const key of store.db.keys({ gte: 'table~', lt: 'table\x7f' })) {
    const table = (await store.db.get(key)) as Table;
    if (table.TableStatus === 'ACTIVE') continue;
    await store.db.put(key, active(table));
    if (table.TableStatus === 'DELETING') await run(store, 'DeleteTable', { TableName: table.TableName });
  }
}

function active(table: Table): Table {
  const indexes = table.GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexStatus: 'ACTIVE' }));
  return { ...table, TableStatus: 'ACTIVE', ...(indexes ? { GlobalSecondaryIndexes: indexes } : {}) };
}

function run(store: Store, operation: string, data: object): Promise<void> {
  return new Promise((resolve, reject) => {
    operations.get(operation)!.run(store, data, (error) => {
      if (error) reject(error instanceof Error ? error : new Error(String(error)));
      else resolve();
    });
  });
}
