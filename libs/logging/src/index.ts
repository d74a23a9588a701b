export type { Logger } from 'pino';
export { batchedDestination, type BatchedDestinationOptions, type LogDestination } from './destination';
export { createLogger, flushLogger, logLevels, type LoggerOptions, type LogLevel } from './logger';
export { rawLines, type RawLines } from './raw-lines';
