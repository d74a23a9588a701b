import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface Expression {
  /** For people: which panel, annotation or alert. */
  readonly where: string;
  readonly expr: string;
}

export interface ListedExpression extends Expression {
  /** Every series that it asks for. */
  readonly selectors: readonly string[];
}

export interface RuleExpression extends ListedExpression {
  readonly alert: string;
  /** The vectors that must have values for the alert to be able to fire. */
  readonly operands: readonly string[];
}

/** All that dashboards and rules ask a Prometheus, variables filled in. */
export function expressionList(): {
  readonly dashboards: ListedExpression[];
  readonly rules: RuleExpression[];
} {
  const text = execFileSync(process.execPath, [join(__dirname, 'list.mjs')], { encoding: 'utf8' });
  return JSON.parse(text) as ReturnType<typeof expressionList>;
}
