import fc from 'fast-check';
import type { TriggerObservation } from './observation';
import { evaluateTrigger, parseTrigger } from './registry';
import type { ParsedTrigger } from './trigger';

const parsed = (type: string, metadata: Record<string, string>): ParsedTrigger => {
  const result = parseTrigger({ type, metadata });
  if (!result.ok) throw new Error(result.message);
  return result;
};
const queue = (extra: Record<string, string> = {}) =>
  parsed('aws-sqs-queue', {
    queueURL: 'https://sqs/1/q',
    awsRegion: 'r',
    identityOwner: 'operator',
    ...extra,
  });
const triggers = [
  queue(),
  queue({ scaleOnInFlight: 'false', activationQueueLength: '7' }),
  parsed('prometheus', { serverAddress: 'http://p', query: 'q', threshold: '3' }),
  parsed('prometheus', { serverAddress: 'http://p', query: 'q', threshold: '3', ignoreNullValues: 'false' }),
];

const count = fc.integer({ min: 0, max: 50 }).map(String);
const observations: fc.Arbitrary<TriggerObservation> = fc.oneof(
  fc.record({
    kind: fc.constant('sqs' as const),
    attributes: fc.record(
      { ApproximateNumberOfMessages: count, ApproximateNumberOfMessagesNotVisible: count },
      { requiredKeys: ['ApproximateNumberOfMessages'] },
    ),
  }),
  fc.constantFrom('5', 'NaN', '+Inf', 'x').map((value) => ({
    kind: 'http' as const,
    status: 200,
    body: `{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[0,"${value}"]}]}}`,
  })),
  fc.constant({ kind: 'http' as const, status: 500, body: 'no' }),
);

describe('an answer that is evaluated again', () => {
  it('gives what an equal answer gives that was never seen, whichever triggers asked in between', () => {
    fc.assert(
      fc.property(
        fc.array(observations, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 30 }),
        (answers, asked) => {
          for (const [which, what] of asked) {
            const trigger = triggers[which % triggers.length] as ParsedTrigger;
            const answer = answers[what % answers.length] as TriggerObservation;
            const fresh = structuredClone(answer);
            expect(evaluateTrigger(trigger, null, answer, which)).toEqual(
              evaluateTrigger(trigger, null, fresh, which),
            );
          }
        },
      ),
      { seed: 2, numRuns: 300 },
    );
  });
});
