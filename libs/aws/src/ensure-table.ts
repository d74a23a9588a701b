import { AwsError } from './aws-error';
import { systemClock, type Clock } from './clock';
import type { TablePort } from './table-port';

export interface TableSpec {
  readonly name: string;
  /** Name of the string partition key. Default `id`. */
  readonly key?: string;
  /** Milliseconds to wait for a new table. Default 30,000. */
  readonly timeoutMs?: number;
}

/**
 * Makes the table when it is missing and waits until it takes writes. Safe to run from many processes at once.
 * @returns whether it was missing. @throws AwsError TableNotActive when it does not become active in time.
 */
export async function ensureTable(
  tables: TablePort,
  spec: TableSpec,
  clock: Clock = systemClock,
): Promise<{ made: boolean }> {
  const { name, key = 'id', timeoutMs = 30_000 } = spec;
  const first = await tables.status(name);
  if (first === 'active') return { made: false };
  if (first === 'missing') await tables.create(name, key);
  const end = clock.now() + timeoutMs;
  for (let pause = 20; (await tables.status(name)) !== 'active'; pause = Math.min(pause * 2, 1_000)) {
    if (clock.now() >= end)
      throw new AwsError('TableNotActive', `table ${name} was not active after ${timeoutMs} ms`);
    await new Promise<void>((resolve) => clock.wakeAt(clock.now() + pause, resolve));
  }
  return { made: first === 'missing' };
}
