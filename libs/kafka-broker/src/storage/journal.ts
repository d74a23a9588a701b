import {
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { BrokerError } from '../broker-error';
import type { Logger } from '../logger';

/** Something the broker must still know after a restart. */
export type JournalEntry =
  | { readonly kind: 'cluster'; readonly id: string }
  | { readonly kind: 'producerIds'; readonly next: number }
  | {
      readonly kind: 'topic';
      readonly name: string;
      readonly id: string;
      readonly partitions: number;
      readonly configs: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'topicDeleted'; readonly name: string }
  | { readonly kind: 'logStart'; readonly topic: string; readonly partition: number; readonly offset: number }
  | {
      readonly kind: 'offset';
      readonly group: string;
      readonly topic: string;
      readonly partition: number;
      readonly offset: number;
      readonly leaderEpoch: number;
      readonly metadata: string | null;
    }
  | {
      readonly kind: 'offsetDeleted';
      readonly group: string;
      readonly topic: string;
      readonly partition: number;
    }
  | { readonly kind: 'groupDeleted'; readonly group: string }
  | {
      readonly kind: 'transaction';
      readonly id: string;
      readonly producerId: number;
      readonly epoch: number;
      readonly timeoutMs: number;
      readonly state: 'empty' | 'ongoing' | 'committing' | 'aborting';
      readonly startedAtMs: number;
      readonly partitions: readonly (readonly [topic: string, partition: number])[];
      readonly offsets: readonly PendingOffset[];
    };

export interface PendingOffset {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly leaderEpoch: number;
  readonly metadata: string | null;
}

export interface Journal {
  /** Keeps `entry`, before this call returns, through a kill of the process. */
  append(entry: JournalEntry): void;
  close(): void;
}

/** The journal of a broker without a data folder. */
export const forgetfulJournal: Journal = { append: () => undefined, close: () => undefined };

/** Lines written beyond which the file is written anew with only what still counts. */
const linesBeforeCompaction = 20_000;

/** One JSON object a line, appended; rewritten at start and whenever it has grown long. */
export class FileJournal implements Journal {
  private descriptor: number | undefined;
  private position = 0;
  private lines = 0;
  private compactAt = linesBeforeCompaction;

  constructor(
    private readonly path: string,
    private readonly snapshot: () => Iterable<JournalEntry>,
  ) {}

  /**
   * What the file holds. A last line cut short by a kill was never answered: it is left out.
   * @throws BrokerError `DataDirCorrupt` when a line before the last is damaged.
   */
  static read(path: string, logger: Logger): JournalEntry[] {
    if (!existsSync(path)) return [];
    const lines = readFileSync(path, 'utf8').split('\n');
    const entries: JournalEntry[] = [];
    for (const [index, line] of lines.entries()) {
      if (line === '') continue;
      try {
        entries.push(JSON.parse(line) as JournalEntry);
      } catch (cause) {
        const where = { file: path, line: index + 1 };
        if (index < lines.length - 1) {
          throw new BrokerError('DataDirCorrupt', `${path}:${where.line} is not JSON`, { cause });
        }
        logger.warn(where, 'journal cut at a torn line');
      }
    }
    return entries;
  }

  append(entry: JournalEntry): void {
    if (this.descriptor === undefined || this.lines >= this.compactAt) this.compact();
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    const descriptor = this.descriptor!;
    for (let written = 0; written < line.length;) {
      written += writeSync(descriptor, line, written, line.length - written, this.position + written);
    }
    this.position += line.length;
    this.lines += 1;
  }

  /** Writes the file anew from the snapshot. */
  compact(): void {
    this.close();
    const lines = [...this.snapshot()].map((entry) => `${JSON.stringify(entry)}\n`);
    const fresh = Buffer.from(lines.join(''));
    writeFileSync(`${this.path}.new`, fresh);
    renameSync(`${this.path}.new`, this.path);
    this.descriptor = openSync(this.path, 'r+');
    ftruncateSync(this.descriptor, fresh.length);
    this.position = fresh.length;
    this.lines = lines.length;
    this.compactAt = Math.max(linesBeforeCompaction, lines.length * 4);
  }

  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }
}
