export interface Difference {
  /** Path of the first place that differs, as in `conditions[0].reason`. */
  readonly field: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** The first difference of two JSON values, in the expected one's order; absent and undefined are the same. */
export function differenceOf(field: string, expected: unknown, got: unknown): Difference | undefined {
  if (Array.isArray(expected) && Array.isArray(got)) {
    const length = Math.max(expected.length, got.length);
    for (let i = 0; i < length; i++) {
      const difference = differenceOf(`${field}[${i}]`, expected[i], got[i]);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (isObject(expected) && isObject(got)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(got)])) {
      const difference = differenceOf(`${field}.${key}`, expected[key], got[key]);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return Object.is(expected, got) ? undefined : { field, expected, got };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
