import type { LogLimits, PartitionLog } from '../storage/partition-log';
import { limitsOf } from './topic-config';

/** A topic: its settings and the log of each partition. */
export class Topic {
  readonly partitions: PartitionLog[] = [];

  constructor(
    readonly name: string,
    /** 32 hexadecimal digits. */
    readonly id: string,
    public configs: ReadonlyMap<string, string>,
  ) {}

  /** Sets all settings and lets the logs follow at once. */
  configure(configs: ReadonlyMap<string, string>, defaults: LogLimits, nowMs: number): void {
    this.configs = configs;
    for (const log of this.partitions) {
      log.limits = limitsOf(configs, defaults);
      log.enforceRetention(nowMs);
    }
  }
}
