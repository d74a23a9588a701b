import type { Secret } from '@scalelab/config';
import { AppError, causeChain } from '@scalelab/errors';
import type { Environment } from './environment';
import { isPlaceholderUrl } from './placeholder-url';

export interface ExternalLogsOptions {
  /** Asked with `?env=` added and the environment's key as a bearer token. */
  readonly url: string;
  readonly keys: Readonly<Record<Environment, Secret | undefined>>;
  /** Bound of one download in milliseconds, from the request to the last byte. */
  readonly timeoutMs: number;
  /** Largest download in bytes. */
  readonly maxBytes: number;
  /** Default: the runtime's fetch. */
  readonly fetch?: typeof fetch;
}

export interface DownloadedLogs {
  readonly type: string;
  readonly body: string;
}

export interface ExternalLogs {
  /** @throws AppError UpstreamFailed with the reason, shown to the client */
  download(environment: Environment, headers: Readonly<Record<string, string>>): Promise<DownloadedLogs>;
}

export function createExternalLogs(options: ExternalLogsOptions): ExternalLogs {
  const { url, keys, timeoutMs, maxBytes, fetch: request = fetch } = options;

  async function download(environment: Environment, headers: Readonly<Record<string, string>>) {
    if (isPlaceholderUrl(url)) throw failed('EXTERNAL_API_URL is a placeholder, set it to the API');
    const key = keys[environment];
    if (!key) throw failed(`EXTERNAL_INTEGRATION_KEY_${environment.toUpperCase()} is not set`);

    const target = new URL(url);
    target.searchParams.set('env', environment);
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const response = await request(target, {
        headers: { ...headers, authorization: `Bearer ${key.reveal()}` },
        redirect: 'manual',
        signal,
      });
      if (!response.ok) {
        await response.body?.cancel();
        throw failed(`it answered ${response.status} ${response.statusText}`.trimEnd());
      }
      const type = response.headers.get('content-type') ?? 'text/plain; charset=utf-8';
      return { type, body: await readBounded(response, maxBytes) };
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (signal.aborted) throw failed(`it did not answer within ${timeoutMs} ms`, error);
      throw failed(causeChain(error), error);
    }
  }

  return { download };
}

async function readBounded(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw failed(`its answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function failed(reason: string, cause?: unknown): AppError {
  return new AppError('UpstreamFailed', `the external API failed: ${reason}`, { expose: true, cause });
}
