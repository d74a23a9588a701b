const exact = 65_536;
const bucketsPerDoubling = 700;

/** Weighted values of 0 or more: whole numbers are exact up to 65,536, above within 0.1 %. */
export class Histogram {
  private weights = new Float64Array(256);
  private total = 0;
  /** The largest value seen. */
  max = 0;

  add(value: number, weight: number): void {
    if (weight <= 0) return;
    if (value > this.max) this.max = value;
    const at =
      value < exact ? Math.floor(value) : exact + Math.floor(Math.log2(value / exact) * bucketsPerDoubling);
    if (at >= this.weights.length) {
      const grown = new Float64Array(Math.max(at + 1, this.weights.length * 2));
      grown.set(this.weights);
      this.weights = grown;
    }
    this.weights[at] = (this.weights[at] ?? 0) + weight;
    this.total += weight;
  }

  /** The smallest value that at least the share of all weight does not exceed; 0 of nothing. */
  quantile(share: number): number {
    let left = this.total * share;
    for (let at = 0; at < this.weights.length; at++) {
      left -= this.weights[at] ?? 0;
      if (left <= 1e-9 && this.total > 0)
        return at < exact ? at : Math.round(exact * 2 ** ((at - exact) / bucketsPerDoubling));
    }
    return this.max;
  }
}
