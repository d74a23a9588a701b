/** The environment names that decide where and as whom the clients call. */
export interface AwsEnvironment {
  readonly AWS_ACCESS_KEY_ID?: string | undefined;
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined;
  readonly AWS_DEFAULT_REGION?: string | undefined;
  /** Host, or host:port, of an emulator; port 4566 when none is given. */
  readonly LOCALSTACK_HOST?: string | undefined;
  /** Whole endpoint of an emulator; wins over LOCALSTACK_HOST. */
  readonly LOCALSTACK_URL?: string | undefined;
}

export interface AwsClientSettings {
  /** Undefined: AWS's own endpoints. */
  readonly endpoint?: string;
  /** Undefined: the SDK's own chain (AWS_REGION, profile, instance). */
  readonly region?: string;
  /** Undefined: the SDK's own chain (environment, profile, web identity, instance). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Open connections to one host. Default 128; must be at least the number of calls in flight, or calls queue behind long polls. */
  readonly maxSockets?: number;
}

/**
 * Reads the names above. With an emulator and no keys, placeholder keys are used, since emulators check none and the SDK would
 * otherwise look for an instance profile. Without an emulator nothing is set: the SDK's own chain and endpoints decide.
 */
export function awsClientSettings(
  env: AwsEnvironment,
  options: { maxSockets?: number } = {},
): AwsClientSettings {
  const endpoint = env.LOCALSTACK_URL || (env.LOCALSTACK_HOST ? endpointOf(env.LOCALSTACK_HOST) : undefined);
  const region = env.AWS_DEFAULT_REGION || (endpoint ? 'us-east-1' : undefined);
  const keys =
    env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY
      ? { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY }
      : undefined;
  const credentials = keys ?? (endpoint ? { accessKeyId: 'test', secretAccessKey: 'test' } : undefined);
  return {
    ...(endpoint ? { endpoint } : {}),
    ...(region ? { region } : {}),
    ...(credentials ? { credentials } : {}),
    ...(options.maxSockets ? { maxSockets: options.maxSockets } : {}),
  };
}

function endpointOf(host: string): string {
  return `http://${/:\d+$/.test(host) ? host : `${host}:4566`}`;
}
