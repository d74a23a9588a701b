import { admissionErrors, type ExistingObject } from '../../keda/admission';
import { type ScaledObject } from '../../keda/scaled-object';
import { type KedaCase } from './case';
import { firstDifference, type KedaDifference, sameError } from './compare';

interface ValidationInput {
  readonly scaledObject: ScaledObject;
  readonly existing: readonly ExistingObject[] | null;
  readonly dryRun?: boolean;
}
interface ValidationExpectation {
  readonly allowed: boolean;
  readonly error?: string;
  readonly errorOneOf?: readonly string[];
}

/** A case of the family validation: what the admission webhook refuses. */
export function replayValidationCase(recorded: KedaCase): KedaDifference | undefined {
  const input = recorded.input as ValidationInput;
  const expect = recorded.expect as ValidationExpectation;
  const errors = admissionErrors(input.scaledObject, input.existing ?? [], { dryRun: input.dryRun ?? false });
  const possible = expect.errorOneOf ?? (expect.error === undefined ? [] : [expect.error]);
  const unexpected = errors.filter((error) => !possible.some((text) => sameError(text, error)));
  const missed = possible.filter((text) => !errors.some((error) => sameError(text, error)));
  return (
    firstDifference('expect.allowed', expect.allowed, errors.length === 0) ??
    (unexpected.length + missed.length > 0
      ? { at: 'expect.error', expected: possible, got: errors }
      : undefined)
  );
}
