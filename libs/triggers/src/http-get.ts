import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Address } from './address';

export interface HttpGetOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** For the whole answer, milliseconds. */
  readonly timeoutMs: number;
  /** Connect here instead of to the URL's host; the Host header and TLS name stay the URL's. */
  readonly connectTo: Address;
  /** Take any certificate. */
  readonly unsafeSsl: boolean;
  /** PEM. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** Answers of metric endpoints are small; more than this is a mistake of the URL. */
const maxBodyBytes = 8 * 1024 * 1024;

/** GET over kept-alive connections. Redirects are not followed. */
export class HttpGetter {
  private readonly http = new HttpAgent({ keepAlive: true, maxSockets: 64 });
  private readonly https = new HttpsAgent({ keepAlive: true, maxSockets: 64 });

  get({ url, headers, timeoutMs, connectTo, unsafeSsl, tls }: HttpGetOptions): Promise<HttpAnswer> {
    const common: RequestOptions = {
      host: connectTo.host,
      port: connectTo.port,
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host },
      signal: AbortSignal.timeout(timeoutMs),
    };
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown): void => reject(readable(cause, url, timeoutMs));
      const answered = (response: IncomingMessage): void => {
        readBody(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), fail);
      };
      const request =
        url.protocol === 'https:'
          ? httpsRequest(
              {
                ...common,
                ...tls,
                agent: this.https,
                servername: url.hostname,
                rejectUnauthorized: !unsafeSsl,
              },
              answered,
            )
          : httpRequest({ ...common, agent: this.http }, answered);
      request.on('error', fail);
      request.end();
    });
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > maxBodyBytes) throw new Error(`the answer is longer than ${maxBodyBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readable(cause: unknown, url: URL, timeoutMs: number): Error {
  const where = `GET ${url.origin}${url.pathname}`;
  const field = (name: string): string =>
    typeof cause === 'object' && cause !== null ? String(Reflect.get(cause, name) ?? '') : '';
  if (['TimeoutError', 'AbortError'].includes(field('name')))
    return new Error(`${where}: no answer within ${timeoutMs} ms`, { cause });
  return new Error(`${where}: ${field('message') || field('code') || String(cause)}`, { cause });
}
