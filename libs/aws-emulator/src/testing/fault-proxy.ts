import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { replyJson } from '../json-reply';
import { readBody } from '../request-body';
import { FaultRules, type Fault, type FaultRule, type ProxiedCall } from './fault-rules';
import { failEntries, leaveUnprocessed, type PartialBatch } from './partial-batch';

export interface FaultProxyOptions {
  /** Endpoint that calls are forwarded to. May change while the proxy runs (`retarget`). */
  readonly target: string;
  /** Seed of rules with a probability. Default 1. */
  readonly seed?: number;
}

export interface FaultProxy {
  readonly url: string;
  /** Every call that came in, oldest first. */
  readonly calls: readonly ProxiedCall[];
  /** Calls of one operation. */
  of(operation: string): ProxiedCall[];
  /** Puts a fault in; the returned function takes it out. */
  inject(rule: FaultRule): () => void;
  /** Takes every fault out. */
  heal(): void;
  retarget(url: string): void;
  close(): Promise<void>;
}

/** Stands between a client and an AWS endpoint and makes calls go wrong in the ways that no emulator shows. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const rules = new FaultRules(mulberry32(options.seed ?? 1));
  const calls: ProxiedCall[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  let target = new URL(options.target);
  const server = createServer((req, res) => {
    void pass(req, res, { rules, calls, agent, target });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    of: (operation) => calls.filter((call) => call.operation === operation),
    inject: (rule) => rules.add(rule),
    heal: () => rules.clear(),
    retarget: (url) => {
      target = new URL(url);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

interface Route {
  readonly rules: FaultRules;
  readonly calls: ProxiedCall[];
  readonly agent: Agent;
  readonly target: URL;
}

async function pass(req: IncomingMessage, res: ServerResponse, route: Route): Promise<void> {
  const read = await readBody(req, 32 * 1024 * 1024);
  if (read.kind !== 'body') return;
  const operation = String(req.headers['x-amz-target'] ?? req.url)
    .split('.')
    .at(-1)!;
  const body = JSON.parse(read.text || '{}') as Record<string, unknown>;
  const call: ProxiedCall = { operation, body, startedAt: performance.now(), aborted: false };
  route.calls.push(call);
  res.on('finish', () => {
    call.settledAt = performance.now();
    call.status = res.statusCode;
  });
  res.on('close', () => {
    if (!res.writableFinished) call.aborted = true;
  });
  const fault = route.rules.take(operation);
  if (!fault) return forward(req, res, route, read.text);
  call.fault = fault.kind;
  switch (fault.kind) {
    case 'throttle':
      return throttle(req, res);
    case 'serverError':
      return replyJson(res, fault.status ?? 500, {
        __type: 'com.amazonaws#InternalFailure',
        message: 'put in by the fault proxy',
      });
    case 'latency':
      await new Promise((resolve) => setTimeout(resolve, fault.ms));
      return forward(req, res, route, read.text);
    case 'lostRequest':
      return void res.destroy();
    case 'lostResponse':
      await exchange(req, route, read.text);
      return void res.destroy();
    default:
      return forwardPart(req, res, route, partOf(fault, body));
  }
}

function partOf(
  fault: Extract<Fault, { kind: 'failedEntries' | 'unprocessed' }>,
  body: Record<string, unknown>,
): PartialBatch {
  return fault.kind === 'unprocessed'
    ? leaveUnprocessed(body, fault.items)
    : failEntries(body, fault.entries ?? Infinity, fault.senderFault ?? false, fault.code ?? 'InternalError');
}

function throttle(req: IncomingMessage, res: ServerResponse): void {
  const dynamo = String(req.headers['x-amz-target']).startsWith('DynamoDB');
  const type = dynamo
    ? 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException'
    : 'com.amazonaws.sqs#RequestThrottled';
  replyJson(res, 400, { __type: type, message: 'put in by the fault proxy' });
}

async function forward(req: IncomingMessage, res: ServerResponse, route: Route, text: string): Promise<void> {
  const abort = new AbortController();
  res.on('close', () => {
    if (!res.writableFinished) abort.abort();
  });
  const answer = await exchange(req, route, text, abort.signal).catch(() => undefined);
  if (!answer) return void res.destroy();
  res.writeHead(answer.status, answer.headers);
  res.end(answer.text);
}

async function forwardPart(
  req: IncomingMessage,
  res: ServerResponse,
  route: Route,
  part: PartialBatch,
): Promise<void> {
  if (!part.forward) return replyJson(res, 200, part.complete({}));
  const answer = await exchange(req, route, JSON.stringify(part.forward)).catch(() => undefined);
  if (!answer) return void res.destroy();
  if (answer.status !== 200) return replyJson(res, answer.status, JSON.parse(answer.text));
  replyJson(res, 200, part.complete(JSON.parse(answer.text) as Record<string, unknown>));
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

function exchange(req: IncomingMessage, route: Route, text: string, signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const out = request(
      {
        host: route.target.hostname,
        port: route.target.port,
        method: req.method,
        path: req.url,
        agent: route.agent,
        headers: { ...req.headers, 'content-length': Buffer.byteLength(text) },
        ...(signal ? { signal } : {}),
      },
      (answer) => {
        void readBody(answer, Infinity).then((read) => {
          if (read.kind !== 'body') return reject(new Error('the answer broke off'));
          const type = answer.headers['content-type'] ?? 'application/x-amz-json-1.0';
          const queryError = answer.headers['x-amzn-query-error'];
          resolve({
            status: answer.statusCode ?? 500,
            headers: {
              'content-type': type,
              ...(typeof queryError === 'string' ? { 'x-amzn-query-error': queryError } : {}),
            },
            text: read.text,
          });
        });
      },
    );
    out.on('error', reject);
    out.end(text);
  });
}

/** A small seeded generator, so that a failing run can be had again. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
