/** A cron expression that cannot be read; the words are those of the parser Kubernetes and KEDA use. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError';
  readonly code = 'BadSchedule';
}
