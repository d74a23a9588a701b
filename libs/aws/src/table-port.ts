/** What an item may hold: JSON without undefined. */
export type ItemValue =
  string | number | boolean | null | readonly ItemValue[] | { readonly [name: string]: ItemValue };

export type Item = { readonly [name: string]: ItemValue };

export type TableStatus = 'missing' | 'creating' | 'active';

/** DynamoDB as the rest of the project sees it: tables with one string key. */
export interface TablePort {
  /** Writes the item unless one with its key is there. */
  putIfAbsent(table: string, key: string, item: Item): Promise<'written' | 'exists'>;
  /** Overwrites up to 25 items with distinct keys; returns those that DynamoDB left unprocessed. */
  putBatch(table: string, items: readonly Item[]): Promise<readonly Item[]>;
  get(table: string, key: string, value: string): Promise<Item | undefined>;
  /** Every item, page by page; with `attributes` only those of each. Strongly consistent. */
  scan(table: string, attributes?: readonly string[]): AsyncIterable<Item>;
  status(table: string): Promise<TableStatus>;
  /** Creates a table billed by request. Does nothing when another caller was first. */
  create(table: string, key: string): Promise<void>;
}
