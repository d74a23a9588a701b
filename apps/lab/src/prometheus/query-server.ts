import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { apiData, evaluate, PromqlError, type SampleStore } from '@scalelab/promql';
import type { Target } from './target';

export interface QueryServerOptions {
  readonly store: SampleStore;
  readonly now: () => number;
  readonly targets: () => readonly Target[];
  /** Other pages by path: texts are metrics, anything else is sent as JSON, undefined is no page. */
  readonly pages?: (path: string, host: string) => unknown;
}

/** Prometheus' HTTP API as far as KEDA and dashboards of the lab use it: instant queries, targets, readiness. */
export class QueryServer {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async listen(options: QueryServerOptions): Promise<QueryServer> {
    const server = createServer((request, response) => {
      answer(request, options).then(
        ({ status, body }) => send(response, status, body),
        (error: unknown) =>
          send(response, 500, { status: 'error', errorType: 'internal', error: String(error) }),
      );
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new QueryServer(server, (server.address() as AddressInfo).port);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function answer(request: IncomingMessage, options: QueryServerOptions): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://prometheus');
  switch (url.pathname) {
    case '/api/v1/query':
      return query(await parameters(request, url), options);
    case '/api/v1/targets':
      return success({
        activeTargets: options.targets().map(({ labels, address, port, path }) => ({
          labels,
          scrapeUrl: `http://${address}:${port}${path}`,
        })),
      });
    case '/-/ready':
    case '/-/healthy':
      return { status: 200, body: 'Prometheus-compatible queries of the lab are ready.\n' };
    default: {
      const page = options.pages?.(url.pathname, request.headers.host ?? '');
      if (page !== undefined) return { status: 200, body: page };
      return failure(
        404,
        'not_found',
        `${url.pathname} is not served here: /api/v1/query, /api/v1/targets, /metrics, /-/ready and /-/healthy are`,
      );
    }
  }
}

function query(given: URLSearchParams, { store, now }: QueryServerOptions): Answer {
  const text = given.get('query');
  if (text === null || text === '') return failure(400, 'bad_data', 'parameter "query" is missing');
  const timeMs = timeOf(given.get('time'), now());
  if (timeMs === undefined)
    return failure(
      400,
      'bad_data',
      `parameter "time" is ${JSON.stringify(given.get('time'))}; seconds since 1970 or an RFC 3339 time are allowed`,
    );
  try {
    return success(apiData(evaluate(text, store, timeMs), timeMs));
  } catch (error) {
    if (!(error instanceof PromqlError)) throw error;
    return error.code === 'Execution'
      ? failure(422, 'execution', error.message)
      : failure(400, 'bad_data', error.message);
  }
}

function timeOf(text: string | null, now: number): number | undefined {
  if (text === null || text === '') return now;
  const seconds = Number(text);
  const parsed = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text);
  return Number.isNaN(parsed) ? undefined : parsed;
}

const largestBody = 65_536;

async function parameters(request: IncomingMessage, url: URL): Promise<URLSearchParams> {
  if (request.method !== 'POST') return url.searchParams;
  let body = '';
  for await (const part of request) {
    body += String(part);
    if (body.length > largestBody) throw new Error(`the body is larger than ${largestBody} bytes`);
  }
  return new URLSearchParams(body);
}

function success(data: unknown): Answer {
  return { status: 200, body: { status: 'success', data } };
}

function failure(status: number, errorType: string, error: string): Answer {
  return { status, body: { status: 'error', errorType, error } };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type':
        typeof body === 'string' ? 'text/plain; version=0.0.4; charset=utf-8' : 'application/json',
    })
    .end(text);
}
