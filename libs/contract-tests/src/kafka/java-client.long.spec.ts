import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { apacheKafka, apacheKafkaVersion } from './apache-kafka';
import { clientChecks } from './client-checks';
import { repositoryRoot } from './repository';

const found = apacheKafka();
// The program is run from its source, which a Java runtime without the compiler cannot.
const compiles = spawnSync('java', ['--describe-module', 'jdk.compiler'], { stdio: 'ignore' }).status === 0;
const script = join(repositoryRoot(), 'libs/contract-tests/java-client/Checks.java');

function program() {
  if ('skipped' in found) return found;
  if (!compiles) return { skipped: 'no Java compiler here' };
  const quiet = '-Dorg.slf4j.simpleLogger.defaultLogLevel=off';
  const args = ['-Xmx256m', quiet, '-cp', join(found.jars, '*'), script];
  return { command: 'java', args, checks: 11 };
}

clientChecks(`Apache's Java client ${apacheKafkaVersion}`, program(), 3_000);
