import { createQueuePort, type AwsClientSettings } from '@scalelab/aws';
import type { SqsSettings, TriggerContext } from '@scalelab/scaling';
import { addressOfUrl, formatAddress, type ResolveAddress } from './address';
import type { TriggerSource } from './trigger-source';

/** The one call that is made of SQS; `QueuePort` of @scalelab/aws has it. */
export interface QueueAttributesReader {
  attributes(queueUrl: string): Promise<Readonly<Record<string, string>>>;
  close?(): void;
}

export type OpenQueueReader = (settings: AwsClientSettings) => QueueAttributesReader;

/** Keys as KEDA looks for them: TriggerAuthentication, metadata, the container's environment; none leaves it to the SDK's chain. */
function credentials(
  { authParams = {}, env = {} }: TriggerContext,
  metadata: Readonly<Record<string, string>>,
): AwsClientSettings['credentials'] {
  const accessKeyId =
    authParams.awsAccessKeyID ??
    authParams.awsAccessKeyId ??
    metadata.awsAccessKeyID ??
    env[metadata.awsAccessKeyIDFromEnv ?? ''];
  const secretAccessKey = authParams.awsSecretAccessKey ?? env[metadata.awsSecretAccessKeyFromEnv ?? ''];
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined;
}

/** aws-sqs-queue: all attributes of the queue; which of them count is not decided here. */
export function awsSqsQueueSource(
  resolve: ResolveAddress,
  open: OpenQueueReader = createQueuePort,
): TriggerSource {
  const readers = new Map<string, QueueAttributesReader>();
  return {
    async observe({ parsed, context, namespace, metadata }) {
      const { awsEndpoint, awsRegion, queueURL } = parsed.settings as SqsSettings;
      const keys = credentials(context, metadata);
      const endpoint = awsEndpoint ? await endpointOf(awsEndpoint, namespace, resolve) : undefined;
      const settings: AwsClientSettings = {
        region: awsRegion,
        ...(endpoint ? { endpoint } : {}),
        ...(keys ? { credentials: keys } : {}),
      };
      const key = JSON.stringify(settings);
      const reader = readers.get(key) ?? open(settings);
      readers.set(key, reader);
      return { kind: 'sqs', attributes: await reader.attributes(queueURL) };
    },
    close() {
      for (const reader of readers.values()) reader.close?.();
      readers.clear();
      return Promise.resolve();
    },
  };
}

async function endpointOf(text: string, namespace: string, resolve: ResolveAddress): Promise<string> {
  const url = new URL(text);
  return `${url.protocol}//${formatAddress(await resolve(addressOfUrl(url), namespace))}`;
}
