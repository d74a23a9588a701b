/** Addresses `<prefix>H.L` with H in [firstBlock, lastBlock]; handed out in turn, so that a freed one rests as long as possible. */
export class AddressPool {
  private readonly byOwner = new Map<string, string>();
  private readonly taken = new Set<string>();
  private next = 0;

  constructor(
    private readonly prefix: string,
    private readonly firstBlock: number,
    private readonly lastBlock: number,
  ) {}

  private get size(): number {
    return (this.lastBlock - this.firstBlock + 1) * 254;
  }

  /**
   * The owner's address; the same one at every call until released.
   * @throws Error when the pool is used up
   */
  take(owner: string): string {
    const known = this.byOwner.get(owner);
    if (known !== undefined) return known;
    for (let tries = 0; tries < this.size; tries++) {
      const index = this.next++ % this.size;
      const address = `${this.prefix}${this.firstBlock + Math.floor(index / 254)}.${1 + (index % 254)}`;
      if (this.taken.has(address)) continue;
      this.hold(owner, address);
      return address;
    }
    throw new Error(`all ${this.size} addresses of ${this.prefix}${this.firstBlock}.0 are in use`);
  }

  /** Notes an address that was chosen elsewhere, so that nobody else gets it. */
  hold(owner: string, address: string): void {
    this.byOwner.set(owner, address);
    this.taken.add(address);
  }

  /** Frees the owner's address and returns it. */
  release(owner: string): string | undefined {
    const address = this.byOwner.get(owner);
    if (address === undefined) return undefined;
    this.byOwner.delete(owner);
    this.taken.delete(address);
    return address;
  }
}
