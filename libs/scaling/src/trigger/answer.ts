import { type TriggerObservation } from './observation';
import { TriggerError } from './trigger-error';

/** The observation as the kind a trigger asks for. A source out of reach is the source's own error. */
export function observed<Kind extends TriggerObservation['kind']>(
  observation: TriggerObservation,
  kind: Kind,
): Extract<TriggerObservation, { kind: Kind }> {
  if (observation.kind === 'unreachable') throw new TriggerError('SourceFailed', observation.message);
  if (observation.kind !== kind) {
    throw new TriggerError(
      'WrongObservation',
      `this trigger needs an observation of kind "${kind}", got "${observation.kind}"`,
    );
  }
  return observation as Extract<TriggerObservation, { kind: Kind }>;
}

/** The source answered with something that is no value. */
export const badAnswer = (message: string, cause?: unknown): TriggerError =>
  new TriggerError('BadAnswer', message, { cause });
