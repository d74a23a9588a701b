import { startBroker } from '@scalelab/kafka-broker';
import { kafkaBrokerContract } from './kafka-broker-contract';

kafkaBrokerContract('scalelab broker in memory', {
  async start() {
    const broker = await startBroker();
    return { brokers: [`${broker.host}:${broker.port}`], stop: () => broker.close() };
  },
});
