import { decimalText } from '../hpa/number-text';
import { type KedaExplanation, kedaStep } from './explain';
import { triggerText } from './explain-words';
import { type ScaledJobTrace } from './scaled-job-types';

/** The path of a ScaledJob's decision as steps, and one sentence. */
export function explainScaledJob(trace: ScaledJobTrace): KedaExplanation {
  const { triggers, scaleTo, maxScale, min, max, running, pending, decision, isActive } = trace;
  const { strategy, effectiveMaxScale, create } = decision;
  const created = isActive && effectiveMaxScale > 0 ? Math.max(0, create) : 0;
  return {
    steps: [
      ...triggers.map(({ metric, type, valueMilli, error, isActive: active }) =>
        error === undefined
          ? kedaStep(
              'activation',
              { metric, type, ...(valueMilli === undefined ? {} : { value: decimalText(valueMilli) }) },
              active ? 'active' : 'inactive',
            )
          : kedaStep('triggerError', { metric, type }, error),
      ),
      kedaStep('jobDemand', { queue: scaleTo, max }, maxScale),
      kedaStep(`jobStrategy-${strategy}`, { maxScale, running, pending, min, max }, effectiveMaxScale),
      kedaStep('createJobs', { wanted: decision.scaleTo, allowed: effectiveMaxScale }, created),
    ],
    sentence: `creates ${created} Job${created === 1 ? '' : 's'}: ${reasonText(trace)}`,
  };
}

function reasonText({
  triggers,
  maxScale,
  running,
  pending,
  min,
  max,
  decision,
  isActive,
}: ScaledJobTrace): string {
  const failures = triggers.filter((trigger) => trigger.error !== undefined).map(triggerText);
  const failed = failures.length > 0 ? `; ${failures.join(', ')}` : '';
  if (!isActive) return `no trigger is active${failed}`;
  const { strategy, effectiveMaxScale, scaleTo } = decision;
  if (strategy === 'minimum') return `${running} unfinished < minReplicaCount ${min}${failed}`;
  const demand = `demand ${maxScale}, ${running} unfinished of which ${pending} pending, at most ${max}`;
  const limit = scaleTo < effectiveMaxScale ? `, queue of ${scaleTo}` : '';
  return `${demand}; ${strategy} allows ${effectiveMaxScale}${limit}${failed}`;
}
