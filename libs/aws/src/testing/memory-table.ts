import type { Item, TablePort } from '../table-port';

/** A table port that keeps its tables in memory: conditional puts, batches, scans; no throughput limits and no faults. */
export class MemoryTables implements TablePort {
  private readonly tables = new Map<string, { key: string; items: Map<string, Item> }>();

  async status(name: string) {
    return this.tables.has(name) ? ('active' as const) : ('missing' as const);
  }

  async create(name: string, key: string) {
    if (!this.tables.has(name)) this.tables.set(name, { key, items: new Map() });
  }

  async putIfAbsent(name: string, key: string, item: Item) {
    const { items } = this.table(name);
    const value = String(item[key]);
    if (items.has(value)) return 'exists' as const;
    items.set(value, item);
    return 'written' as const;
  }

  async putBatch(name: string, batch: readonly Item[]) {
    const { key, items } = this.table(name);
    for (const item of batch) items.set(String(item[key]), item);
    return [];
  }

  async get(name: string, _key: string, value: string) {
    return this.table(name).items.get(value);
  }

  async *scan(name: string, attributes?: readonly string[]) {
    for (const item of this.table(name).items.values()) {
      yield attributes
        ? Object.fromEntries(attributes.flatMap((a) => (item[a] === undefined ? [] : [[a, item[a]]])))
        : item;
    }
  }

  private table(name: string) {
    const table = this.tables.get(name);
    if (!table) throw new Error(`table ${name} does not exist`);
    return table;
  }
}
