import { missingAwsCredential } from './aws-authorization';
import { parseInt64 } from '../go/text';
import { MetadataReader } from './metadata-reader';
import { toMilli } from './milli';
import { queueNameFromUrl } from './request-uri';
import { externalMetricType, externalSpec, normalizeName, wholeTarget } from './target';
import { badAnswer, observed } from './answer';
import { TriggerError } from './trigger-error';
import { type TriggerMaths } from './trigger';

export interface SqsSettings {
  readonly queueURL: string;
  readonly queueName: string;
  readonly awsRegion: string;
  readonly awsEndpoint: string;
  readonly activationQueueLength: bigint;
  /** Attributes to ask for and to add up, in this order. */
  readonly attributes: readonly string[];
}

const both = 'error parsing SQS queue metadata: ';

/** aws-sqs-queue: visible messages, plus those in flight (default) and delayed ones (on request). */
export const awsSqsQueue: TriggerMaths<SqsSettings> = {
  parse(metadata, context) {
    const type = externalMetricType(context);
    const reader = new MetadataReader(metadata, context);
    const queueLength = reader.int64('queueLength', { default: '5' });
    const activationQueueLength = reader.int64('activationQueueLength', { default: '0' });
    const queueURL = reader.text('queueURL', { from: ['triggerMetadata', 'resolvedEnv'] });
    const awsRegion = reader.text('awsRegion', { from: ['triggerMetadata', 'authParams'] });
    const awsEndpoint = reader.text('awsEndpoint', { optional: true });
    const inFlight = reader.bool('scaleOnInFlight', { default: 'true' });
    const delayed = reader.bool('scaleOnDelayed', { default: 'false' });
    const complaint = reader.error();
    if (complaint) throw new TriggerError('BadMetadata', both + both + complaint);
    const queueName = queueNameFromUrl(queueURL);
    if (queueName === undefined)
      throw new TriggerError('BadMetadata', `${both}cannot get queueName from queueURL`);
    const missing = missingAwsCredential(metadata, context);
    if (missing) throw new TriggerError('BadMetadata', `${both}${missing} not found`);
    const attributes = [
      'ApproximateNumberOfMessages',
      ...(inFlight ? ['ApproximateNumberOfMessagesNotVisible'] : []),
      ...(delayed ? ['ApproximateNumberOfMessagesDelayed'] : []),
    ];
    return {
      settings: { queueURL, queueName, awsRegion, awsEndpoint, activationQueueLength, attributes },
      metricSpecs: [
        externalSpec(context, normalizeName(`aws-sqs-${queueName}`), type, wholeTarget(queueLength)),
      ],
    };
  },

  evaluate(settings, state, observation) {
    const answer = observed(observation, 'sqs');
    let sum = 0n;
    for (const attribute of settings.attributes) {
      const text = answer.attributes[attribute];
      if (text === undefined) throw badAnswer(`metric ${attribute} not found in SQS queue attributes`);
      sum = BigInt.asIntN(64, sum + parseInt64(text));
    }
    return {
      valueMilli: [toMilli(Number(sum))],
      isActive: sum > settings.activationQueueLength,
      activationMilli: wholeTarget(settings.activationQueueLength),
      state,
      how: `${sum} message${sum === 1n ? '' : 's'}`,
    };
  },
};
