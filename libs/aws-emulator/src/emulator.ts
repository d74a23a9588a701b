import { mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createDynamoService, type DynamoService } from './dynamo/dynamo-service';
import { replyJson } from './json-reply';
import { createSqsService, type SqsService } from './sqs/sqs-service';

export interface AwsEmulatorOptions {
  /** TCP port; 0 takes a free one. LocalStack's is 4566. */
  readonly port: number;
  /** Address to listen on. Default 127.0.0.1: the emulator checks no signatures. */
  readonly host?: string | undefined;
  /** Folder (made when missing) that keeps queues and tables over restarts and kills of the process. Absent: memory only. */
  readonly dataDir?: string | undefined;
  /** Told of every answered call, for metrics. Must not throw. */
  readonly onAnswer?: (answer: AwsAnswer) => void;
}

export interface AwsAnswer {
  readonly service: 'sqs' | 'dynamodb';
  readonly operation: string;
  readonly status: number;
  /** From request to answer; a long poll's wait is in it. */
  readonly ms: number;
}

export interface AwsEmulator {
  /** `http://host:port`: the endpoint for clients of both services. */
  readonly url: string;
  readonly port: number;
  /** Ends open long polls, closes connections and flushes the store. */
  close(): Promise<void>;
}

/**
 * SQS and DynamoDB on one endpoint.
 * @throws the listen error (`EADDRINUSE`, ...) when the port cannot be had.
 */
export async function startAwsEmulator(options: AwsEmulatorOptions): Promise<AwsEmulator> {
  const { port, host = '127.0.0.1', dataDir, onAnswer } = options;
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const sqs = await createSqsService({ dataDir });
  const dynamo = await createDynamoService({ dataDir: dataDir && join(dataDir, 'dynamodb') });
  const server = createServer((req, res) => route({ sqs, dynamo, onAnswer }, req, res));
  server.keepAliveTimeout = 60_000;
  try {
    await listen(server, port, host);
  } catch (error) {
    await Promise.all([sqs.close(), dynamo.close()]);
    throw error;
  }
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await sqs.close();
      server.closeAllConnections();
      await closed;
      await dynamo.close();
    },
  };
}

interface Services {
  readonly sqs: SqsService;
  readonly dynamo: DynamoService;
  readonly onAnswer: AwsEmulatorOptions['onAnswer'];
}

function route({ sqs, dynamo, onAnswer }: Services, req: IncomingMessage, res: ServerResponse): void {
  const target = req.headers['x-amz-target'];
  if (typeof target !== 'string') return probe(req, res);
  const dot = target.lastIndexOf('.');
  const family = target.slice(0, dot);
  const operation = target.slice(dot + 1);
  const service = family.startsWith('DynamoDB') ? 'dynamodb' : family === 'AmazonSQS' ? 'sqs' : undefined;
  if (!service) return refuse(req, res, `target ${target}`);
  if (onAnswer) {
    const startedAt = performance.now();
    res.once('finish', () =>
      onAnswer({ service, operation, status: res.statusCode, ms: performance.now() - startedAt }),
    );
  }
  if (service === 'sqs') sqs.handle(req, res, operation);
  else void dynamo.handle(req, res, operation);
}

function probe(req: IncomingMessage, res: ServerResponse): void {
  const path = (req.url ?? '/').split('?', 1)[0];
  if (req.method !== 'GET') return refuse(req, res, `${req.method} ${path} without x-amz-target`);
  if (path === '/livez' || path === '/readyz' || path === '/health') {
    return replyJson(res, 200, { status: 'ok' }, { 'content-type': 'application/json' });
  }
  if (path === '/_localstack/health') {
    const services = { sqs: 'running', dynamodb: 'running' };
    return replyJson(res, 200, { services, edition: 'scalelab' }, { 'content-type': 'application/json' });
  }
  refuse(req, res, `GET ${path}`);
}

function refuse(req: IncomingMessage, res: ServerResponse, asked: string): void {
  req.resume();
  replyJson(res, 400, {
    __type: 'com.amazon.coral.service#UnknownOperationException',
    message: `${asked}: this emulator serves SQS and DynamoDB by their JSON protocol (header x-amz-target) and nothing else.`,
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
