import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository';

/** The package that brings librdkafka 2.16 with it. */
export const librdkafkaPackage = 'confluent-kafka==2.16.1';

/** Why librdkafka cannot run here, or its Python: installed once into the repository's cache. */
export function librdkafka(): { readonly python: string } | { readonly skipped: string } {
  const folder = join(repositoryRoot(), '.cache/librdkafka', librdkafkaPackage.replace('==', '-'));
  const python = join(folder, 'bin/python');
  const usable = () =>
    existsSync(python) &&
    spawnSync(python, ['-c', 'import confluent_kafka'], { stdio: 'ignore' }).status === 0;
  if (usable()) return { python };
  const steps: [string, ...string[]][] = [
    ['python3', '-m', 'venv', folder],
    [python, '-m', 'pip', 'install', '-q', '--only-binary=:all:', librdkafkaPackage],
  ];
  for (const [command, ...args] of steps) {
    const done = spawnSync(command, args, { encoding: 'utf8' });
    if (done.status !== 0) {
      const why = done.error?.message ?? done.stderr.trim().slice(-300);
      return { skipped: `librdkafka cannot be installed: ${command} ${args.join(' ')}: ${why}` };
    }
  }
  return usable() ? { python } : { skipped: 'confluent-kafka is installed but cannot be imported' };
}
