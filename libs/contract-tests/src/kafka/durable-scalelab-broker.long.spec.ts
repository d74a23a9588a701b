import { tempDir } from '@scalelab/testing';
import { startBrokerProcess } from './broker-process';
import { kafkaBrokerContract } from './kafka-broker-contract';

kafkaBrokerContract('scalelab broker with a data folder, killed among 100,000 messages', {
  start: () => startBrokerProcess({ dataDir: tempDir() }),
  rebalanceMessages: 20_000,
  durableMessages: 100_000,
});
