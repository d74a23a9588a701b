import type { TablePort } from '@scalelab/aws';

/** The `tour` ids of a table's items, one entry an item: what nobody sent with the tour's mark is left out. */
export async function storedIds(tables: TablePort, table: string, payload: string): Promise<string[]> {
  const ids: string[] = [];
  if ((await tables.status(table)) !== 'active') return ids;
  for await (const item of tables.scan(table, ['id', payload])) {
    const id = tourIdOf(item[payload]);
    if (id !== null) ids.push(id);
  }
  return ids;
}

function tourIdOf(payload: unknown): string | null {
  const value = typeof payload === 'string' ? parsed(payload) : payload;
  const id = (value as { tour?: unknown } | null | undefined)?.tour;
  return typeof id === 'string' ? id : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
