import { type TriggerContext } from './trigger';

/**
 * The AWS credential a trigger lacks, undefined when it has a pod identity, the operator's own (`identityOwner:
 * operator`), a role, or a pair of keys from the TriggerAuthentication or the container's environment.
 */
export function missingAwsCredential(
  metadata: Readonly<Record<string, string>>,
  context: TriggerContext,
): 'awsAccessKeyID' | 'awsSecretAccessKey' | undefined {
  const auth = context.authParams ?? {};
  const env = context.env ?? {};
  if (context.podIdentity === 'aws') return undefined;
  // Only "pod" (the default) needs keys; any other word passes unchecked.
  if (!['', 'pod'].includes(metadata.identityOwner ?? '')) return undefined;
  if (auth.awsRoleArn) return undefined;
  if (auth.awsAccessKeyID || auth.awsAccessKeyId) {
    return auth.awsSecretAccessKey ? undefined : 'awsSecretAccessKey';
  }
  if (!metadata.awsAccessKeyID && !env[metadata.awsAccessKeyIDFromEnv ?? '']) return 'awsAccessKeyID';
  return env[metadata.awsSecretAccessKeyFromEnv ?? ''] ? undefined : 'awsSecretAccessKey';
}
