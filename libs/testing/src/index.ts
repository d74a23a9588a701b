export { waitFor, type WaitOptions } from './wait-for';
export { freePort } from './free-port';
export { VirtualClock, type Clock } from './virtual-clock';
export { seededRandom, type SeededRandom } from './seeded-random';
export { tempDir, removeTempDirs } from './temp-dir';
export { Ledger, type LedgerCount } from './ledger';
