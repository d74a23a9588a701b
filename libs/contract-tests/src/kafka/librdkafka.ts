import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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

export interface CheckResult {
  readonly check: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly error?: string;
}

/** Runs every check of `librdkafka/checks.py` against the broker; `messages` is the size of the larger ones. */
export async function runLibrdkafkaChecks(
  python: string,
  broker: string,
  messages: number,
): Promise<{ readonly results: readonly CheckResult[]; readonly exitCode: number | null }> {
  const script = join(repositoryRoot(), 'libs/contract-tests/librdkafka/checks.py');
  const child = spawn(python, [script, broker, String(messages)], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const results: CheckResult[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    results.push(JSON.parse(line) as CheckResult);
  }
  return { results, exitCode: await exited };
}
