// kafka-consumer's consumer as its main.ts makes it, metrics and health included, with a handler that does nothing.
import { createLogger } from '@scalelab/logging';
import { createMetrics } from '@scalelab/metrics';
import { createHealth } from '@scalelab/service';
import { observedConsumer } from '../../../apps/kafka-consumer/src/observed-consumer';

const [broker = '', topic = '', groupId = '', messages = ''] = process.argv.slice(2);
let seen = 0;
let joinedAt = 0;

const { consumer } = observedConsumer(
  {
    brokers: [broker],
    clientId: 'kafka-consumer',
    groupId,
    topics: [topic],
    maxInFlight: 16,
    maxAttempts: 3,
    sessionTimeoutMs: 30_000,
    metrics: createMetrics({ service: 'kafka-consumer' }),
    health: Object.assign(createHealth(), {
      startupCondition: () => () => (joinedAt = performance.now()),
    }),
    logger: createLogger({ name: 'kafka-consumer', level: 'warn' }),
  },
  () => () => {
    seen += 1;
    if (seen === Number(messages)) done();
    return Promise.resolve();
  },
);

function done(): void {
  const { user, system } = process.cpuUsage();
  const figures = {
    perSecond: (seen * 1_000) / (performance.now() - joinedAt),
    cpuUs: (user + system) / seen,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
}

void consumer.start();
