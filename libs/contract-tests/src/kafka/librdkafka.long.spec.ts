import { join } from 'node:path';
import { clientChecks } from './client-checks';
import { librdkafka, librdkafkaPackage } from './librdkafka';
import { repositoryRoot } from './repository';

const client = librdkafka();
const script = join(repositoryRoot(), 'libs/contract-tests/librdkafka/checks.py');

clientChecks(
  `librdkafka (${librdkafkaPackage}), checking CRCs,`,
  'skipped' in client ? client : { command: client.python, args: [script], checks: 17 },
  10_000,
);
