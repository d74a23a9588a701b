// node libs/scaling/bench/run.mjs: times decisions of the HPA and of KEDA on this Node and prints one JSON line a scenario.
import { build } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

async function load(file) {
  const { outputFiles } = await build({
    entryPoints: [join(here, file)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'node24',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}

const clock = () => performance.now();
const { benchHpa } = await load('hpa.bench.ts');
const { benchKeda } = await load('keda.bench.ts');
for (const row of [...benchHpa(clock), ...benchKeda(clock)]) process.stdout.write(`${JSON.stringify(row)}\n`);
