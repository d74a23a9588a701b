import type { AwsEnvironment } from '@scalelab/aws';
import type { SqsWorkerConfig } from './config';

/** The AWS part of the configuration with its secrets opened, for the clients only. */
export function awsEnvironment(config: SqsWorkerConfig): AwsEnvironment {
  return {
    AWS_ACCESS_KEY_ID: config.AWS_ACCESS_KEY_ID?.reveal(),
    AWS_SECRET_ACCESS_KEY: config.AWS_SECRET_ACCESS_KEY?.reveal(),
    AWS_DEFAULT_REGION: config.AWS_DEFAULT_REGION,
    LOCALSTACK_HOST: config.LOCALSTACK_HOST,
    LOCALSTACK_URL: config.LOCALSTACK_URL,
  };
}
