// node libs/scaling/bench/run.mjs: times HPA decisions on this Node and prints one JSON line a scenario.
import { build } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const { outputFiles } = await build({
  entryPoints: [join(here, 'hpa.bench.ts')],
  bundle: true,
  write: false,
  format: 'esm',
  target: 'node24',
});
const { benchHpa } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
);
for (const row of benchHpa(() => performance.now())) process.stdout.write(`${JSON.stringify(row)}\n`);
