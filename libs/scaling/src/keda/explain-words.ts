import { decimalText } from '../hpa/number-text';
import { type KedaTrace, type TriggerTrace } from './trace';

/** Seconds with at most three decimals: "12 s", "300.4 s". */
export const secondsText = (ms: number): string => `${Math.round(ms) / 1000} s`;

const valueText = (trigger: TriggerTrace): string =>
  trigger.how ?? (trigger.valueMilli === undefined ? trigger.metric : decimalText(trigger.valueMilli));

/** Why one trigger is active or not. */
export function triggerText(trigger: TriggerTrace): string {
  const { fallback, error, activationMilli } = trigger;
  if (fallback?.served) {
    const served = trigger.valueMilli === undefined ? '' : `, ${decimalText(trigger.valueMilli)} served`;
    return `fallback after ${fallback.failures} failures > threshold ${fallback.threshold}${served}`;
  }
  if (error !== undefined) return `${trigger.type} fails (${error})`;
  if (activationMilli === undefined) return valueText(trigger);
  return `${valueText(trigger)} ${trigger.isActive ? '>' : '<='} activation ${decimalText(activationMilli)}`;
}

/** Why the object as a whole is active. */
export function activityText(trace: KedaTrace): string {
  const { triggers = [], formula, executor } = trace;
  if (trace.kind === 'push') return 'the push scaler says active';
  if (executor?.forced) return 'forced by the annotation force-activation';
  if (trace.cpuMemoryOnly) return 'cpu and memory alone are always active';
  if (formula?.resultMilli !== undefined) {
    return `formula ${formula.text} = ${decimalText(formula.resultMilli)} > activation ${formula.activationTarget}`;
  }
  return triggers
    .filter((trigger) => trigger.isActive)
    .map(triggerText)
    .join(', ');
}

/** Why the object as a whole is inactive. */
export function inactivityText(trace: KedaTrace): string {
  const { triggers = [], formula } = trace;
  if (formula?.resultMilli !== undefined) {
    return `formula ${formula.text} = ${decimalText(formula.resultMilli)} <= activation ${formula.activationTarget}`;
  }
  const texts = triggers.filter((trigger) => !trigger.isActive).map(triggerText);
  return texts.length > 0 ? texts.join(', ') : 'no trigger is active';
}

/** Triggers that failed, and how far their fallback is. */
export function failureText(trace: KedaTrace): string {
  return (trace.triggers ?? [])
    .filter((trigger) => trigger.error !== undefined && !trigger.fallback?.served)
    .map((trigger) => {
      const { fallback } = trigger;
      const wait = fallback
        ? `, failure ${fallback.failures}, fallback after more than ${fallback.threshold}`
        : '';
      return `${triggerText(trigger)}${wait}`;
    })
    .join('; ');
}
