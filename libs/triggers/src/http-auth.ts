import type { HttpAuth } from '@scalelab/scaling';

export interface HttpCredentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
}

/**
 * Headers and query parameters of the enabled authentication modes. Certificates of mode `tls` travel with the connection.
 * @throws Error for mode `oauth`, which asks a token server and is not built here
 */
export function httpCredentials(auth: HttpAuth): HttpCredentials {
  const headers: Record<string, string> = {};
  const query: [string, string][] = [];
  for (const mode of auth.modes) {
    switch (mode) {
      case 'bearer':
        headers.authorization = `Bearer ${auth.bearerToken}`;
        break;
      case 'basic':
        headers.authorization = `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
        break;
      case 'custom':
        headers[auth.customHeader.toLowerCase()] = auth.customValue;
        break;
      case 'apiKey':
        if (auth.apiKeyMethod === 'query') query.push([auth.apiKeyName || 'api_key', auth.apiKey]);
        else headers[(auth.apiKeyName || 'X-API-KEY').toLowerCase()] = auth.apiKey;
        break;
      case 'oauth':
        throw new Error('authentication mode oauth is not supported here');
      case 'tls':
        break;
    }
  }
  return { headers, query };
}

/** PEM parts of a TriggerAuthentication for mode `tls`, and the authority to trust. */
export function tlsParts(authParams: Readonly<Record<string, string>> = {}): {
  ca?: string;
  cert?: string;
  key?: string;
} {
  const { ca, cert, key } = authParams;
  return { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) };
}
