// npm run bench -- services [GROUP ...]: speed and memory of services and lab against what they are to reach and against their peers.
// All groups (the default) save bench/results/services.json; some of them are printed only.
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { benchHttpDemo } from './services/http-demo.mjs';
import { benchInterceptor } from './services/interceptor.mjs';
import { benchKafkaBroker, benchKafkaConsumer } from './services/kafka.mjs';
import { benchLab } from './services/lab.mjs';
import { numbersPage, writeSection } from '../tools/numbers-page.mjs';
import { figures, results } from './services/numbers.mjs';
import { reachText, tableOf } from './services/row.mjs';
import { benchSqsWorker } from './services/sqs-worker.mjs';
import { benchStart } from './services/start.mjs';

const groups = {
  'http-demo': benchHttpDemo,
  interceptor: benchInterceptor,
  'sqs-worker': benchSqsWorker,
  'kafka-consumer': benchKafkaConsumer,
  'kafka-broker': benchKafkaBroker,
  start: benchStart,
  lab: benchLab,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in groups));
if (unknown.length > 0) {
  process.stderr.write(
    `usage: npm run bench -- services [GROUP ...]; a GROUP is one of ${Object.keys(groups).join(', ')}, not ${unknown.join(', ')}\n`,
  );
  process.exit(2);
}

const startedAt = new Date();
const loadBefore = loadavg();
const rows = [];
for (const name of asked.length > 0 ? asked : Object.keys(groups)) {
  const begin = performance.now();
  process.stderr.write(`${name} ...`);
  rows.push(...(await groups[name]()));
  process.stderr.write(` ${((performance.now() - begin) / 1_000).toFixed(0)} s\n`);
}

process.stdout.write(`${tableOf(rows)}\n`);
const missed = rows.filter(({ held }) => held === false);
const skipped = rows.filter((row) => row.skipped !== undefined);
process.stdout.write(
  `${rows.length - missed.length - skipped.length} held, ${missed.length} missed, ${skipped.length} skipped\n`,
);

if (asked.length === 0) {
  const result = {
    version: 1,
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1_000),
    machine: {
      cpu: cpus()[0]?.model,
      cores: cpus().length,
      memoryBytes: totalmem(),
      system: `${platform()} ${release()} ${arch()}`,
      loadBefore: loadBefore.map((load) => Number(load.toFixed(2))),
      loadAfter: loadavg().map((load) => Number(load.toFixed(2))),
    },
    versions: { node: process.version },
    rows: rows.map((row) => ({ ...row, reach: reachText(row) })),
  };
  mkdirSync(dirname(results), { recursive: true });
  writeFileSync(
    results,
    await format(JSON.stringify(result), { ...(await resolveConfig(results)), parser: 'json' }),
  );
  await writeSection('services', figures(JSON.parse(JSON.stringify(result))));
  process.stdout.write(`saved: ${results} and ${numbersPage}\n`);
}
process.exit(0);
