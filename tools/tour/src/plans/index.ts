import type { Plan } from '../plan';
import { httpDemo } from './http-demo';
import { httpDemoZero } from './http-demo-zero';
import { kafkaConsumer } from './kafka-consumer';
import { sqsWorker } from './sqs-worker';
import { sqsWorkerApi } from './sqs-worker-api';

/** Every plan of the tour, in the order of the table. */
export const plans: readonly Plan[] = [httpDemo, httpDemoZero, sqsWorker, kafkaConsumer, sqsWorkerApi];
