import { ms, text } from '@scalelab/config';

/** Variables of services that process a request by writing a log file. */
export const logWriterSettings = {
  /** Folder of the log files; made when missing. */
  LOG_DIR: text({ default: '/logs' }),
  /** How long a request is processed before its message is written. */
  PROCESSING_MS: ms({ default: 3000, max: 600_000 }),
};
