export interface LedgerCount {
  readonly sent: number;
  /** Sent ids that the store holds at least once. */
  readonly stored: number;
  readonly lost: number;
  /** Stored effects beyond the first of each sent id. */
  readonly duplicates: number;
  /** Stored ids that nobody sent. */
  readonly strangers: number;
}

/** Counts lost and duplicated messages from the ids that were sent against what the store holds: never from a service's own counters. */
export class Ledger {
  private readonly ids = new Set<string>();

  /** @throws Error when an id is sent twice: the count would mean nothing. */
  sent(...ids: readonly string[]): void {
    for (const id of ids) {
      if (this.ids.has(id)) throw new Error(`id ${id} was sent before`);
      this.ids.add(id);
    }
  }

  get size(): number {
    return this.ids.size;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** `storedIds`: one entry for each effect in the store. */
  count(storedIds: Iterable<string>): LedgerCount {
    const seen = new Set<string>();
    let duplicates = 0;
    let strangers = 0;
    for (const id of storedIds) {
      if (!this.ids.has(id)) strangers += 1;
      else if (seen.has(id)) duplicates += 1;
      else seen.add(id);
    }
    return { sent: this.ids.size, stored: seen.size, lost: this.ids.size - seen.size, duplicates, strangers };
  }
}
