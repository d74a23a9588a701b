/** Label names to values; the metric's name is the label `__name__`. An empty value is the same as no label. */
export type Labels = Readonly<Record<string, string>>;

export const metricName = '__name__';

/** One text for one set of labels, whatever their order. */
export function labelKey(labels: Labels): string {
  let key = '';
  for (const name of Object.keys(labels).sort()) {
    if (labels[name] !== '') key += `${name}\u0000${labels[name]}\u0001`;
  }
  return key;
}

/** The key of some of the labels only. */
export function keyOfOnly(labels: Labels, names: readonly string[]): string {
  let key = '';
  for (const name of names) key += `${name}\u0000${labels[name] ?? ''}\u0001`;
  return key;
}

export function keepOnly(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

export function without(labels: Labels, names: readonly string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

export function withoutName(labels: Labels): Labels {
  return without(labels, [metricName]);
}

/** `{a="x", b="y"}`, as Prometheus prints a set of labels; the name stands before the brace. */
export function formatLabels(labels: Labels): string {
  const pairs = Object.keys(labels)
    .filter((name) => name !== metricName)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`);
  return `${labels[metricName] ?? ''}{${pairs.join(', ')}}`;
}
