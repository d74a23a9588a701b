import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { BrokerOptions } from '@scalelab/kafka-broker';
import { tempDir } from '@scalelab/testing';
import { endProcess, firstLine } from './child-process';
import type { KafkaUnderTest } from './kafka-under-test';
import { repositoryRoot } from './repository';

let bundle: string | undefined;

/** Bundles the broker's process once, as the lab does with its own. */
function bundleBroker(): string {
  const root = repositoryRoot();
  if (bundle === undefined) {
    bundle = join(tempDir('scalelab-broker-bundle-'), 'broker.cjs');
    buildSync({
      entryPoints: [join(root, 'libs/kafka-broker/src/serve.entry.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
    });
  }
  return bundle;
}

export interface BrokerProcess extends KafkaUnderTest {
  readonly pid: number;
  killAndRestart(): Promise<void>;
}

/** scalelab's broker as a process of its own. */
export async function startBrokerProcess(options: BrokerOptions): Promise<BrokerProcess> {
  const script = bundleBroker();
  const start = async (port: number): Promise<[ChildProcess, number]> => {
    const child = spawn(process.execPath, [script, JSON.stringify({ ...options, port })], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const address = JSON.parse(await firstLine(child, 10_000)) as { port: number };
    return [child, address.port];
  };
  let [child, port] = await start(options.port ?? 0);
  return {
    brokers: [`127.0.0.1:${port}`],
    get pid() {
      return child.pid ?? 0;
    },
    stop: () => endProcess(child, 'SIGTERM'),
    async killAndRestart() {
      await endProcess(child, 'SIGKILL');
      [child, port] = await start(port);
    },
  };
}
