import { type MetadataReader } from './metadata-reader';

export type HttpAuthMode = 'apiKey' | 'basic' | 'tls' | 'bearer' | 'custom' | 'oauth';

/** How an HTTP trigger proves who it is. Only the fields of the enabled modes count. */
export interface HttpAuth {
  readonly modes: readonly HttpAuthMode[];
  readonly bearerToken: string;
  readonly username: string;
  readonly password: string;
  readonly apiKey: string;
  readonly apiKeyMethod: 'header' | 'query';
  readonly apiKeyName: string;
  readonly customHeader: string;
  readonly customValue: string;
}

const secret = { from: ['authParams'], optional: true } as const;
const either = { from: ['triggerMetadata', 'authParams'], optional: true } as const;

/** Reads and checks the authentication parameters that prometheus and metrics-api share. */
export function readHttpAuth(reader: MetadataReader): HttpAuth {
  const modes = reader
    .text('authModes', {
      ...either,
      aliases: ['authMode'],
      oneOf: ['apiKey', 'basic', 'tls', 'bearer', 'custom', 'oauth'],
      exclusive: ['bearer', 'basic', 'oauth'],
    })
    .split(',')
    .map((mode) => mode.trim())
    .filter((mode): mode is HttpAuthMode => mode !== '');
  const auth: HttpAuth = {
    modes,
    bearerToken: reader.text('bearerToken', { ...secret, aliases: ['token'] }),
    username: reader.text('username', secret),
    password: reader.text('password', secret),
    customHeader: reader.text('customAuthHeader', secret),
    customValue: reader.text('customAuthValue', secret),
    apiKey: reader.text('apiKey', either),
    apiKeyMethod: reader.text('method', {
      ...either,
      default: 'header',
      oneOf: ['header', 'query'],
    }) as 'header',
    apiKeyName: reader.text('keyParamName', either),
  };
  const complaint = firstMissing(auth, (name) => reader.text(name, secret));
  if (complaint) reader.complain(complaint);
  return auth;
}

/** The first complaint about an enabled mode, in KEDA's order. */
function firstMissing(auth: HttpAuth, param: (name: string) => string): string | undefined {
  const on = (mode: HttpAuthMode): boolean => auth.modes.includes(mode);
  if (on('bearer') && !auth.bearerToken) return 'bearer token is required when bearer auth is enabled';
  if (on('basic') && !auth.username) return 'username is required when basic auth is enabled';
  if (on('tls') && (!param('cert') || !param('key')))
    return 'cert and key are required when tls auth is enabled';
  if (on('oauth') && (!param('oauthTokenURI') || !param('clientID') || !param('clientSecret'))) {
    return 'oauthTokenURI, clientID and clientSecret are required when oauth is enabled';
  }
  if (on('custom') && (!auth.customHeader || !auth.customValue)) {
    return 'customAuthHeader and customAuthValue are required when custom auth is enabled';
  }
  return on('apiKey') && !auth.apiKey ? 'apiKey is required when apiKey auth is enabled' : undefined;
}
