import { keepOnly, labelKey, metricName, without, type Labels } from '../labels';
import type { AggregateOperator } from './expression';
import { KahanSum } from './kahan-sum';
import type { VectorSample } from './result';

class Group {
  private readonly sum = new KahanSum();
  private count = 0;
  private extreme = Number.NaN;

  constructor(
    readonly labels: Labels,
    private readonly operator: AggregateOperator,
  ) {}

  add(value: number): void {
    this.count++;
    this.sum.add(value);
    const better = this.operator === 'max' ? value > this.extreme : value < this.extreme;
    if (this.count === 1 || better || Number.isNaN(this.extreme)) this.extreme = value;
  }

  get value(): number {
    switch (this.operator) {
      case 'sum':
        return this.sum.value;
      case 'avg':
        return this.sum.value / this.count;
      case 'count':
        return this.count;
      case 'min':
      case 'max':
        return this.extreme;
    }
  }
}

export function aggregate(
  operator: AggregateOperator,
  samples: readonly VectorSample[],
  grouping: 'by' | 'without',
  names: readonly string[],
): VectorSample[] {
  const groups = new Map<string, Group>();
  for (const { labels, value } of samples) {
    const kept = grouping === 'by' ? keepOnly(labels, names) : without(labels, [...names, metricName]);
    const key = labelKey(kept);
    let group = groups.get(key);
    if (!group) groups.set(key, (group = new Group(kept, operator)));
    group.add(value);
  }
  return [...groups.values()].map(({ labels, value }) => ({ labels, value }));
}
