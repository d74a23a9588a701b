import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort, waitFor } from '@scalelab/testing';
import { ExternalScaler } from './external-scaler';
import type { Endpoints } from './target';

const root = join(__dirname, '../..');

/**
 * What KEDA asks, on this machine's 127.0.0.1: the emulators for SQS and Kafka, a Prometheus that gives one value to every query and an
 * external scaler with one target. For a control plane whose pods are simulated, so that nobody in it could answer.
 */
export class Signals {
  private constructor(
    readonly endpoints: Endpoints,
    private readonly emulators: ChildProcess,
    private readonly prometheus: Server,
    private readonly scaler: ExternalScaler,
  ) {}

  static async start(queue: string): Promise<Signals> {
    const [aws, kafka, externalApi, metrics] = [
      await freePort(),
      await freePort(),
      await freePort(),
      await freePort(),
    ];
    const emulators = spawn(process.execPath, [join(root, 'apps/emulators/dist/main.cjs')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        AWS_PORT: String(aws),
        KAFKA_PORT: String(kafka),
        EXTERNAL_API_PORT: String(externalApi),
        METRICS_PORT: String(metrics),
        LOG_LEVEL: 'error',
      },
    });
    const prometheus = createServer((_, response) => {
      const result = [{ metric: {}, value: [Date.now() / 1000, '0'] }];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
    });
    prometheus.listen(0, '127.0.0.1');
    await once(prometheus, 'listening');
    const scaler = await ExternalScaler.listen({ metric: 'requests', target: 20, value: 0 });
    await waitFor(async () => (await fetch(`http://127.0.0.1:${metrics}/readyz`)).ok, {
      timeoutMs: 20_000,
      intervalMs: 100,
      what: 'the emulators',
    });
    const endpoints = {
      aws: `http://127.0.0.1:${aws}`,
      kafka: `127.0.0.1:${kafka}`,
      prometheus: `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}`,
      httpScaler: scaler.address,
    };
    await sqs(endpoints.aws, 'CreateQueue', { QueueName: queue });
    return new Signals(endpoints, emulators, prometheus, scaler);
  }

  async stop(): Promise<void> {
    this.prometheus.closeAllConnections();
    this.prometheus.close();
    await this.scaler.close();
    if (this.emulators.exitCode === null && this.emulators.kill()) await once(this.emulators, 'exit');
  }
}

/** One call of SQS' JSON protocol. */
export async function sqs<T>(endpoint: string, action: string, body: object): Promise<T> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${action}: ${response.status} ${text}`);
  return (text === '' ? {} : JSON.parse(text)) as T;
}
