import { missingAwsCredential } from './aws-authorization';
import { GoTextError, parseBool } from '../go/text';
import { type TriggerContext } from './trigger';

type Params = Readonly<Record<string, string>>;

/** The first thing wrong with a kafka trigger's TLS and SASL parameters, undefined when they are in order. */
export function checkKafkaAuth(metadata: Params, context: TriggerContext): string | undefined {
  const auth = context.authParams ?? {};
  let tls = false;
  if (metadata.tls !== undefined) {
    if (!isSwitch(metadata.tls)) return `error incorrect TLS value given, got ${metadata.tls}`;
    tls = metadata.tls === 'enable';
  }
  if (auth.tls !== undefined) {
    if (tls) return 'unable to set `tls` in both ScaledObject and TriggerAuthentication together';
    const value = auth.tls.trim();
    if (!isSwitch(value)) return `error incorrect TLS value given, got ${value}`;
    tls = value === 'enable';
  }
  return (tls ? checkCertificates(metadata, auth) : undefined) ?? checkSasl(metadata, auth, context, tls);
}

const isSwitch = (text: string): boolean => text === 'enable' || text === 'disable';

function checkCertificates(metadata: Params, auth: Params): string | undefined {
  if (auth.cert && !auth.key) return 'key must be provided with cert';
  if (auth.key && !auth.cert) return 'cert must be provided with key';
  return metadata.unsafeSsl === undefined ? undefined : checkBool(metadata.unsafeSsl, 'unsafeSsl');
}

function checkBool(text: string, name: string): string | undefined {
  try {
    parseBool(text);
    return undefined;
  } catch (error) {
    if (error instanceof GoTextError) return `error parsing ${name}: ${error.message}`;
    throw error;
  }
}

function checkSasl(
  metadata: Params,
  auth: Params,
  context: TriggerContext,
  tls: boolean,
): string | undefined {
  if (auth.sasl !== undefined && metadata.sasl) {
    return 'unable to set `sasl` in both ScaledObject and TriggerAuthentication together';
  }
  const mode = (auth.sasl ?? metadata.sasl ?? '').trim();
  switch (mode) {
    case '':
    case 'none':
      return undefined;
    case 'plaintext':
    case 'scram_sha256':
    case 'scram_sha512':
      return required(auth, [
        ['username', 'username'],
        ['password', 'password'],
      ]);
    case 'oauthbearer':
      return checkOauth(metadata, auth, context, tls);
    case 'gssapi':
      return checkKerberos(auth);
    default:
      return `err SASL mode ${mode} given`;
  }
}

function required(
  auth: Params,
  names: readonly (readonly [key: string, word: string])[],
): string | undefined {
  const missing = names.find(([key]) => !auth[key]);
  return missing && `no ${missing[1]} given`;
}

function checkOauth(
  metadata: Params,
  auth: Params,
  context: TriggerContext,
  tls: boolean,
): string | undefined {
  if (auth.saslTokenProvider !== undefined && metadata.saslTokenProvider) {
    return 'unable to set `saslTokenProvider` in both ScaledObject and TriggerAuthentication together';
  }
  const given = auth.saslTokenProvider ?? metadata.saslTokenProvider ?? '';
  const provider = given === '' ? 'bearer' : given.trim();
  const wrap = (complaint: string | undefined): string | undefined =>
    complaint && `error parsing OAuth token provider configuration: ${complaint}`;
  if (provider === 'bearer') return wrap(checkOauthBearer(auth));
  if (provider === 'aws_msk_iam') return wrap(checkMsk(metadata, context, tls));
  return `err SASL OAuth token provider ${provider} given`;
}

function checkOauthBearer(auth: Params): string | undefined {
  const missing = required(auth, [
    ['username', 'username'],
    ['password', 'password'],
    ['oauthTokenEndpointUri', 'oauth token endpoint uri'],
  ]);
  if (missing) return missing;
  const extensions = auth.oauthExtensions ? auth.oauthExtensions.split(',') : [];
  return extensions.every((extension) => extension.split('=').length === 2)
    ? undefined
    : 'invalid OAuthBearer extension, must be of format key=value';
}

function checkMsk(metadata: Params, context: TriggerContext, tls: boolean): string | undefined {
  if (!tls) return 'TLS is required for AWS MSK authentication';
  if (!metadata.awsRegion) return 'no awsRegion given';
  const missing = missingAwsCredential(metadata, context);
  return missing && `error getting AWS authorization: ${missing} not found`;
}

function checkKerberos(auth: Params): string | undefined {
  if (!auth.username) return 'no username given';
  if (Boolean(auth.password) === Boolean(auth.keytab)) {
    return "exactly one of 'password' or 'keytab' must be provided for GSSAPI authentication";
  }
  if (!auth.realm) return 'no realm given';
  if (!auth.kerberosConfig) return 'no Kerberos configuration file (kerberosConfig) given';
  return auth.kerberosDisableFAST === undefined
    ? undefined
    : checkBool(auth.kerberosDisableFAST, 'kerberosDisableFAST');
}
