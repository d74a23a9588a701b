import { toFloat } from './builtins';
import { Checker } from './checker';
import { Evaluator } from './evaluator';
import { FormulaError, PlacedError } from './formula-error';
import { parseFormula } from './parser';
import { isNumber, isUnknown, typeName } from './value-type';

/** A compiled formula: values by trigger name in, one number out. A missing trigger is 0. Throws FormulaError. */
export type CompiledFormula = (values: Readonly<Record<string, number>>) => number;

/** KEDA wraps a formula into float() unless it begins with it. */
export const wrapInFloat = (formula: string): string =>
  formula.startsWith('float(') ? formula : `float(${formula})`;

const tried = -1;

/** Compiles a formula over the named triggers and runs it once, with -1 for each, as KEDA's validation does. */
export function compileFormula(formula: string, triggers: readonly string[]): CompiledFormula {
  const source = wrapInFloat(formula);
  const names = new Set(triggers);
  return placed(source, () => {
    const node = parseFormula(source, names);
    const type = new Checker(names).check(node);
    if (!isNumber(type) && !isUnknown(type)) {
      throw new FormulaError(`expected float64, but got ${typeName(type)}`);
    }
    const run: CompiledFormula = (values) =>
      placed(source, () => toFloat(new Evaluator(values).evaluate(node), node.at));
    run(Object.fromEntries(triggers.map((name) => [name, tried])));
    return run;
  });
}

function placed<T>(source: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof PlacedError)) throw error;
    throw FormulaError.at(
      error.message,
      source,
      error.at,
      error.unsupported ? 'UnsupportedFormula' : 'BadFormula',
    );
  }
}
