/** One edit that a check must see. */
export interface Sabotage {
  readonly check: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** What the check says about it. */
  readonly says: RegExp;
}

/** Rows of file, text to replace, replacement, and what the check says then. */
export function inCheck(
  check: string,
  rows: readonly (readonly [string, string, string, RegExp])[],
): readonly Sabotage[] {
  return rows.map(([file, from, to, says]) => ({ check, file, from, to, says }));
}
