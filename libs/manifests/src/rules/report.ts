import { describe, type FieldPath, type Issue, type IssueCode } from '../issue';
import type { TextCheck } from '../name-syntax';

/** Collects the issues of one object. */
export class RuleReport {
  constructor(readonly issues: Issue[]) {}

  add(code: IssueCode, path: FieldPath, message: string): void {
    this.issues.push({ code, path, message });
  }

  /** Only for text that is there; a wrong type is the schema's matter. */
  text(value: unknown, check: TextCheck, path: FieldPath): void {
    if (typeof value !== 'string') return;
    const problem = check(value);
    if (problem) this.add('NotAllowed', path, `${problem}, got ${describe(value)}`);
  }

  between(value: unknown, low: number, high: number, path: FieldPath): void {
    if (typeof value !== 'number' || (value >= low && value <= high)) return;
    const range = high === Number.MAX_SAFE_INTEGER ? `at least ${low}` : `between ${low} and ${high}`;
    this.add('NotAllowed', path, `must be ${range}, got ${value}`);
  }

  atLeast(value: unknown, low: number, path: FieldPath): void {
    this.between(value, low, Number.MAX_SAFE_INTEGER, path);
  }

  /** Every item's `key` must be there once. */
  unique(items: readonly unknown[], key: string, path: FieldPath): void {
    const seen = new Set<unknown>();
    items.forEach((item, i) => {
      const value = typeof item === 'object' && item !== null ? Reflect.get(item, key) : undefined;
      if (value === undefined) return;
      if (seen.has(value))
        this.add('Conflict', [...path, i, key], `${describe(value)} is used twice in this list`);
      seen.add(value);
    });
  }
}
