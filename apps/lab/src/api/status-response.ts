import type { ServerResponse } from 'node:http';
import { apiErrors, KubeApiError, type ApiStatus } from '@scalelab/kube';

/** A refusal as `meta/v1` Status. */
export function statusObject({ code, reason, message, details }: ApiStatus): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code,
  };
}

/** What a client is told of a throw: a refusal in its own words, anything else as an internal error without its inside. */
export function refusalOf(error: unknown): KubeApiError {
  if (error instanceof KubeApiError) return error;
  return apiErrors.internal('the request could not be served; see the log of the lab');
}

export function sendJson(response: ServerResponse, code: number, body: unknown): void {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
