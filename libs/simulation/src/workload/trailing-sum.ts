/** What was added within the last seconds. Moments never go back; each second is one slot. */
export class TrailingSum {
  private readonly slots: Float64Array;
  private second = 0;

  /** @param longestSeconds the longest stretch that will be asked for */
  constructor(longestSeconds: number) {
    this.slots = new Float64Array(Math.max(1, Math.ceil(longestSeconds)));
  }

  /** @param endMs when the stretch of time ended in which the amount came */
  add(endMs: number, amount: number): void {
    this.turnTo(Math.ceil(endMs / 1_000));
    if (amount === 0) return;
    const at = this.second % this.slots.length;
    this.slots[at] = (this.slots[at] ?? 0) + amount;
  }

  over(nowMs: number, seconds: number): number {
    const { slots } = this;
    this.turnTo(Math.ceil(nowMs / 1_000));
    let sum = 0;
    for (let back = 0; back < Math.min(slots.length, Math.ceil(seconds)); back++)
      sum += slots[(this.second - back) % slots.length] ?? 0;
    return sum;
  }

  private turnTo(second: number): void {
    const { slots } = this;
    if (second - this.second >= slots.length) slots.fill(0);
    else for (let next = this.second + 1; next <= second; next++) slots[next % slots.length] = 0;
    this.second = Math.max(second, this.second);
  }
}
