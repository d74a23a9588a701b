import { Agent, request } from 'node:http';

export interface HttpAnswer {
  /** 0: there was no answer, see `error`. */
  readonly status: number;
  readonly body: string;
  readonly error?: string;
}

export interface HttpCall {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 30,000 ms. */
  readonly timeoutMs?: number;
  readonly agent?: Agent;
}

const sharedAgent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One request; never rejects, since a failed answer is evidence and not an accident. */
export function call({
  url,
  method = 'GET',
  json,
  headers = {},
  timeoutMs = 30_000,
  agent = sharedAgent,
}: HttpCall): Promise<HttpAnswer> {
  const body = json === undefined ? undefined : JSON.stringify(json);
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      {
        method,
        agent,
        headers: {
          ...headers,
          ...(body !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
        },
        signal: AbortSignal.timeout(timeoutMs),
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() }),
        );
        answer.on('error', (error) => resolve({ status: 0, body: '', error: error.message }));
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ status: 0, body: '', error: error.code ?? error.message }),
    );
    outgoing.end(body);
  });
}

/** As `call`, but an answer outside 2xx is an error that names the call. */
export async function mustCall(options: HttpCall): Promise<HttpAnswer> {
  const answer = await call(options);
  if (answer.status < 200 || answer.status > 299) {
    const what = answer.status === 0 ? answer.error : `${answer.status} ${answer.body.slice(0, 200)}`;
    throw new Error(`${options.method ?? 'GET'} ${options.url}: ${what}`);
  }
  return answer;
}
