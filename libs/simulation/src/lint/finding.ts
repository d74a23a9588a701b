export type Level = 'error' | 'warning' | 'note';

/** What a rule is about; the same for all its findings. */
export interface LintRule {
  readonly code: string;
  readonly level: Level;
  /** What surprises, in one line. */
  readonly title: string;
  /** Why it is so. */
  readonly why: string;
}

/** Where a rule found something. */
export interface Finding {
  readonly rule: LintRule;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `ScaledObject default/worker`. */
  readonly object: string;
  readonly message: string;
  readonly fix: string;
}

/** `examples/x.yaml:12: error kafka-max-above-partitions: ... Why: ... Fix: ...` */
export function formatFinding({ rule, file, line, object, message, fix }: Finding): string {
  return `${file}:${line}: ${rule.level} ${rule.code}: ${object}: ${message}\n    why: ${rule.why}\n    fix: ${fix}`;
}
