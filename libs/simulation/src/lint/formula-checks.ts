import { fieldsOf, numberOf, type Check } from './subject';

export const formulaNullCoalescing: Check = {
  code: 'formula-null-coalescing',
  level: 'warning',
  title: '"??" in a formula never takes effect',
  why: 'in a formula a trigger without a value counts 0, never nil',
  *find({ spec }) {
    const { formula } = fieldsOf(fieldsOf(spec.advanced).scalingModifiers);
    if (typeof formula === 'string' && formula.includes('??'))
      yield {
        path: ['spec', 'advanced', 'scalingModifiers', 'formula'],
        message: `the right side of "??" in ${formula} is never used`,
        fix: 'use a fallback, or compare with 0',
      };
  },
};

export const formulaFallbackFraction: Check = {
  code: 'formula-fallback-fraction',
  level: 'error',
  title: 'a fractional target switches the fallback of a formula off',
  why: 'with a formula the fallback needs a whole-number target; any other is dropped silently',
  *find({ spec }) {
    const { target } = fieldsOf(fieldsOf(spec.advanced).scalingModifiers);
    const value = numberOf(target);
    if (spec.fallback !== undefined && value !== undefined && !Number.isInteger(value))
      yield {
        path: ['spec', 'advanced', 'scalingModifiers', 'target'],
        message: `target ${String(target)} is no whole number: there is no fallback`,
        fix: 'multiply formula and target until the target is whole',
      };
  },
};

export const fallbackToZero: Check = {
  code: 'fallback-to-zero',
  level: 'warning',
  title: 'fallback.replicas 0 does not lead to zero',
  why: 'a served fallback counts as active: above the failure threshold every poll refreshes lastActiveTime, and zero is never reached',
  *find({ spec }) {
    const { replicas } = fieldsOf(spec.fallback);
    if (replicas === 0)
      yield {
        path: ['spec', 'fallback', 'replicas'],
        message: 'replicas 0 keeps the target active while its source fails',
        fix: 'choose a count that serves the load for the time of an outage',
      };
  },
};
