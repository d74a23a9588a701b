import type { Journal, JournalEntry } from '../storage/journal';

/** Hands out producer ids, each once in the life of the data folder. */
export class ProducerIds {
  private next = 1;

  constructor(private readonly journal: () => Journal) {}

  take(): number {
    const id = this.next;
    this.next += 1;
    this.journal().append({ kind: 'producerIds', next: this.next });
    return id;
  }

  restore(entries: Iterable<JournalEntry>): void {
    for (const entry of entries) if (entry.kind === 'producerIds') this.next = entry.next;
  }

  *snapshot(): Iterable<JournalEntry> {
    if (this.next > 1) yield { kind: 'producerIds', next: this.next };
  }
}
