import { applyFormula, compileModifiers, ScalingModifiersError } from '../../keda/scaling-modifiers';
import { type CompiledFormula } from '../../keda/formula/compile';
import { type KedaCase } from './case';
import { errorDifference, firstDifference, type KedaDifference } from './compare';
import { asMilli } from './milli-text';

interface FormulaInput {
  readonly formula: string;
  readonly target: string;
  readonly metricType?: string;
  /** `type:name` */
  readonly triggers: readonly string[];
  readonly valuesMilli?: Readonly<Record<string, string>>;
}
interface FormulaExpectation {
  readonly valid: boolean;
  readonly error?: string;
  readonly metric?: string | null;
  readonly valueMilli?: string;
  readonly runError?: string;
}

/** A case of the family formula: is it taken, and what does it give. */
export function replayFormulaCase(recorded: KedaCase): KedaDifference | undefined {
  const input = recorded.input as FormulaInput;
  const expect = recorded.expect as FormulaExpectation;
  const triggers = input.triggers.map((text) => {
    const [type = '', name = ''] = text.split(':');
    return { type, name };
  });
  const { formula, target, metricType } = input;
  const scalingModifiers = { formula, target, ...(metricType ? { metricType } : {}) };
  let compiled: CompiledFormula;
  try {
    compiled = compileModifiers({
      scaleTargetRef: { name: 'web' },
      advanced: { scalingModifiers },
      triggers,
    });
  } catch (error) {
    if (!(error instanceof ScalingModifiersError)) throw error;
    if (expect.valid) return { at: 'expect.valid', expected: true, got: error.message };
    return errorDifference('expect.error', expect.error, error.message);
  }
  if (!expect.valid) return { at: 'expect.valid', expected: false, got: true };
  const metrics = Object.entries(input.valuesMilli ?? {}).map(([name, text]) => ({
    name,
    valueMilli: asMilli(text),
  }));
  const triggerOf = Object.fromEntries(metrics.map(({ name }) => [name, name]));
  const outcome = applyFormula(compiled, metrics, triggerOf);
  const [metric] = outcome.metrics;
  return (
    firstDifference('expect.metric', expect.metric ?? null, metric?.name ?? null) ??
    (metric && firstDifference('expect.valueMilli', expect.valueMilli, String(metric.valueMilli))) ??
    errorDifference('expect.runError', expect.runError, outcome.error)
  );
}
