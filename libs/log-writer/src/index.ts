export { createLogWriter, type LogWriter, type LogWriterOptions, type WrittenLog } from './log-writer';
export { logWriterSettings } from './settings';
export { slowLogRoute, type SlowLogRouteOptions } from './slow-log-route';
