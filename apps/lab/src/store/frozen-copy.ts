/**
 * A deeply frozen copy as JSON would carry it: members that are undefined are left out. Parts that are frozen already come from the
 * store and are shared, not copied.
 */
export function frozenCopy<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item: unknown) => frozenCopy(item))) as T;
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) if (member !== undefined) copy[key] = frozenCopy(member);
  return Object.freeze(copy) as T;
}
