import { tempDir } from '@scalelab/testing';
import { startBrokerProcess } from './broker-process';
import { kafkaBrokerContract } from './kafka-broker-contract';

kafkaBrokerContract('scalelab broker with a data folder, in a process of its own', {
  start: () => startBrokerProcess({ dataDir: tempDir() }),
  durableMessages: 10_000,
});
