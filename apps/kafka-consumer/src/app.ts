import type { KafkaProducer } from '@scalelab/kafka';
import type { Logger } from '@scalelab/logging';
import type { Metrics } from '@scalelab/metrics';
import { createApp, type App, type Health } from '@scalelab/service';
import { produce, readProduceRequest } from './produce';

export interface KafkaConsumerDeps {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly producer: KafkaProducer;
  readonly topic: string;
}

export function buildApp({ logger, metrics, health, producer, topic }: KafkaConsumerDeps): App {
  return createApp({
    logger,
    metrics,
    health,
    bodyLimit: 1_048_576,
    routes(router) {
      router.post('/produce', async (request, response) => {
        const ids = await produce(producer, topic, readProduceRequest(request.body));
        response.status(202).json({ topic, ids });
      });
    },
  });
}
