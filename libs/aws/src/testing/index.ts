import type { QueuePort } from '../queue-port';
import type { TablePort } from '../table-port';
import { unstubbed } from './unstubbed';

export { MemoryTables } from './memory-table';

/** A queue port of stubs; every other call throws. */
export const fakeQueues = (stubs: Partial<QueuePort> = {}): QueuePort => unstubbed('fakeQueues', stubs);

/** A table port of stubs; every other call throws. */
export const fakeTables = (stubs: Partial<TablePort> = {}): TablePort => unstubbed('fakeTables', stubs);
