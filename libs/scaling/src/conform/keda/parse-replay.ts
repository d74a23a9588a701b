import { parseTrigger } from '../../trigger/registry';
import { type KedaCase } from './case';
import { errorDifference, firstDifference, type KedaDifference } from './compare';
import { type TriggerExpectation } from './trigger-replay';

interface ParseInput {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly metricType?: string;
  readonly authParams?: Readonly<Record<string, string>>;
  readonly containerEnv?: Readonly<Record<string, string>>;
}

/** Position of the trigger in all cases of this family. */
const index = 2;

/** A case of the family parse: is the metadata taken, and what metric does it make. */
export function replayParseCase(recorded: KedaCase): KedaDifference | undefined {
  const input = recorded.input as ParseInput;
  const expect = recorded.expect as TriggerExpectation;
  const parsed = parseTrigger(
    {
      type: input.type,
      metadata: input.metadata,
      ...(input.metricType ? { metricType: input.metricType } : {}),
    },
    { index, namespace: 'default', authParams: input.authParams ?? {}, env: input.containerEnv ?? {} },
  );
  if (expect.panics !== undefined) {
    return parsed.ok ? { at: 'expect.panics', expected: 'an error', got: parsed.metricSpecs } : undefined;
  }
  if (!parsed.ok) return errorDifference('expect.rejected', expect.rejected, parsed.message);
  return (
    errorDifference('expect.rejected', expect.rejected, undefined) ??
    firstDifference('expect.metric', expect.metric, parsed.metricSpecs[0])
  );
}
