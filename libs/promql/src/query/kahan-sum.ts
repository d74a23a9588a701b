/** Sums with the lost low bits carried along (Neumaier), so that the order of samples hardly matters. */
export class KahanSum {
  private sum = 0;
  private carry = 0;

  add(value: number): void {
    const total = this.sum + value;
    if (!Number.isFinite(total)) this.carry = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.carry += this.sum - total + value;
    else this.carry += value - total + this.sum;
    this.sum = total;
  }

  get value(): number {
    return this.sum + this.carry;
  }
}

export function kahanSum(values: readonly number[]): number {
  const sum = new KahanSum();
  for (const value of values) sum.add(value);
  return sum.value;
}
