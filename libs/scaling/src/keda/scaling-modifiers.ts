import { GoTextError, parseFloat64 } from '../go/text';
import { type ExternalMetricValue } from '../trigger/metric-spec';
import { milliToFloat, toMilli } from '../trigger/milli';
import { type CompiledFormula, compileFormula } from './formula/compile';
import { FormulaError } from './formula/formula-error';
import { type ScaledObject, type ScaledObjectSpec, type ScalingModifiers } from './scaled-object';

/** Name of the one metric that a formula makes of all external ones. */
export const compositeMetric = 'composite-metric';

/** Scaling modifiers that are refused, in KEDA's words. */
export class ScalingModifiersError extends Error {
  override readonly name = 'ScalingModifiersError';
  readonly code = 'BadScalingModifiers';
}

export const scalingModifiersOf = (object: ScaledObject): ScalingModifiers =>
  object.spec.advanced?.scalingModifiers ?? {};

/** Whether any field of scalingModifiers is set. */
export function usesModifiers(object: ScaledObject): boolean {
  const { formula, target, activationTarget, metricType } = scalingModifiersOf(object);
  return Boolean(formula || target || activationTarget || metricType);
}

const isResource = (type: string): boolean => type === 'cpu' || type === 'memory';

// A spec never changes in place, so its compiled formula is good as long as the spec lives.
const compiledFormulas = new WeakMap<ScaledObjectSpec, CompiledFormula>();

/** Checks scalingModifiers and compiles the formula. Throws ScalingModifiersError. */
export function compileModifiers(spec: ScaledObjectSpec): CompiledFormula {
  const known = compiledFormulas.get(spec);
  if (known) return known;
  const compiled = compile(spec);
  compiledFormulas.set(spec, compiled);
  return compiled;
}

function compile(spec: ScaledObjectSpec): CompiledFormula {
  const { formula, target, metricType } = spec.advanced?.scalingModifiers ?? {};
  if (!formula) throw new ScalingModifiersError('error ScalingModifiers.Formula is mandatory');
  const inFormula = 'error validating formula in ScalingModifiers\n';
  if (!target) throw new ScalingModifiersError(`${inFormula}formula is given but target is empty`);
  const names = spec.triggers.filter((t) => !isResource(t.type) && t.name).map((t) => t.name ?? '');
  const compiled = translate(inFormula, () => compileFormula(formula, names));
  checkTarget(target, metricType);
  return compiled;
}

function translate<T>(prefix: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    throw new ScalingModifiersError(prefix + error.message, { cause: error });
  }
}

function checkTarget(target: string, metricType: string | undefined): void {
  const inTarget = 'error validating target in ScalingModifiers\n';
  const bad = 'error converting target for scalingModifiers (string->float) to valid target: ';
  let value: number;
  try {
    value = parseFloat64(target);
  } catch (error) {
    if (!(error instanceof GoTextError)) throw error;
    throw new ScalingModifiersError(inTarget + bad + error.message, { cause: error });
  }
  // Not "value > 0": NaN passes.
  if (value <= 0) throw new ScalingModifiersError(`${inTarget}${bad}%!w(<nil>)`);
  if (metricType === 'Utilization') {
    throw new ScalingModifiersError(
      `${inTarget}error trigger type is Utilization, but it needs to be AverageValue or Value for external metrics`,
    );
  }
}

export interface FormulaOutcome {
  /** The composite metric; none when the formula failed. */
  readonly metrics: readonly ExternalMetricValue[];
  readonly error?: string;
}

/**
 * Runs the formula over the metrics of all triggers. Values arrive cut to thousandths and leave cut to thousandths; a
 * trigger that gave nothing is 0. `triggerOf` maps metric names to trigger names.
 */
export function applyFormula(
  formula: CompiledFormula,
  metrics: readonly ExternalMetricValue[],
  triggerOf: Readonly<Record<string, string>>,
): FormulaOutcome {
  const values: Record<string, number> = {};
  for (const { name, valueMilli } of metrics) values[triggerOf[name] ?? ''] = milliToFloat(valueMilli);
  try {
    return { metrics: [{ name: compositeMetric, valueMilli: toMilli(formula(values)) }] };
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return { metrics: [], error: `error trying to run custom formula: ${error.message}` };
  }
}
