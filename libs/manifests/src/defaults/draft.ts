import { isFields } from '../fields';

/** A private copy of an object that defaults are written into. */
export type Draft = { [key: string]: unknown };

export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  return isFields(value) ? draftOf(value) : value;
}

export function draftOf(fields: Readonly<Record<string, unknown>>): Draft {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, copyOf(value)]));
}

function isDraft(value: unknown): value is Draft {
  return isFields(value);
}

export function set(draft: Draft, key: string, value: unknown): void {
  draft[key] ??= value;
}

/** The map at `key`, when it is there. */
export function at(draft: Draft | undefined, key: string): Draft | undefined {
  const value = draft?.[key];
  return isDraft(value) ? value : undefined;
}

/** The map at `key`, made when it is missing. */
export function ensure(draft: Draft, key: string): Draft {
  const present = at(draft, key);
  if (present) return present;
  const made: Draft = {};
  draft[key] = made;
  return made;
}

export function each(draft: Draft | undefined, key: string): readonly Draft[] {
  const value = draft?.[key];
  return Array.isArray(value) ? value.filter(isDraft) : [];
}
