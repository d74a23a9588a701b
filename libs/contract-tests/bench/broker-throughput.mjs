// Messages per second of kafkajs with this broker and with Apache Kafka, on this machine, in one run:
//   node libs/contract-tests/bench/broker-throughput.mjs [OUT.json]      BENCH_MESSAGES and BENCH_ROUNDS make it shorter or longer
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { projectNode, root } from '../../../tools/node.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const outdir = join(root, '.cache/bench/kafka-broker');
await build({
  entryPoints: [join(here, 'throughput-client.ts'), join(here, 'broker-throughput.ts')],
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  external: ['esbuild'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
const out = resolve(process.argv[2] ?? join(root, 'reports/kafka-broker-throughput.json'));
const { status } = spawnSync(
  projectNode(),
  [
    '--disable-warning=TimeoutNegativeWarning',
    join(outdir, 'broker-throughput.mjs'),
    join(outdir, 'throughput-client.mjs'),
    out,
  ],
  { stdio: 'inherit', cwd: root },
);
process.exit(status ?? 1);
