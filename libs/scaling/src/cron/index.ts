export { nextDue } from './next';
export { type CronSchedule, parseSchedule, type ScheduleOptions } from './schedule';
export { ScheduleError } from './schedule-error';
export { TimeZone } from './time-zone';
