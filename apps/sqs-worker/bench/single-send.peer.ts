// The API as it would be without group commit: the same app, one SendMessage a request.
import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createLogger } from '@scalelab/logging';
import { createMetrics, workMetrics } from '@scalelab/metrics';
import { createHealth, main, run } from '@scalelab/service';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { buildApp } from '../src/app';
import type { Intake } from '../src/intake';

const { LOCALSTACK_URL = '', QUEUE_URL = '', PORT = '0' } = process.env;

void main('single-send', () => {
  const metrics = createMetrics({ service: 'single-send' });
  const work = workMetrics(metrics);
  const sqs = new SQSClient({
    endpoint: LOCALSTACK_URL,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    cacheMiddleware: true,
    requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true, maxSockets: 128 }) }),
  });
  const intake: Intake = {
    open: () => undefined,
    close: async () => undefined,
    async send(body, { traceparent } = {}) {
      const id = randomUUID();
      work.inFlight.inc();
      const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: QUEUE_URL,
          MessageBody: JSON.stringify(body),
          MessageAttributes: {
            id: attribute(id),
            ...(traceparent ? { traceparent: attribute(traceparent) } : {}),
          },
        }),
      );
      work.inFlight.dec();
      work.processed.inc('ok');
      return id;
    },
  };
  const logger = createLogger({ name: 'single-send', level: 'info' });
  return run({
    app: buildApp({ logger, metrics, health: createHealth(), intake, bodyLimit: 4_194_304 }),
    port: Number(PORT),
  });
});
