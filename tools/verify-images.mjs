// Images, without docker: the Dockerfile keeps its rules, base images are pinned once, and charts ask for what is built. Seconds.
// The real thing, built and run: `npm run verify:images` (docs/images.md).
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { agreement } from './images/chart-agreement.mjs';
import { dockerfileProblems } from './images/dockerfile-rules.mjs';
import { nodeImage, parseReference, runtimeImage } from './images/pins.mjs';
import { serviceNames, services } from './images/services.mjs';
import { root } from './node.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
let failed = 0;

function check(name, problems, done) {
  if (problems.length > 0) failed += 1;
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? `${name}: ${done}` : `FAILED ${name}`);
}

const { packages } = JSON.parse(read('package-lock.json'));
const versions = ['x64', 'arm64'].map((arch) => packages[`node_modules/node-linux-${arch}`]?.version);
check(
  'Dockerfile',
  [
    ...dockerfileProblems(read('Dockerfile'), { nodeVersion: versions[0] }),
    ...(versions[0] === versions[1]
      ? []
      : [`package-lock.json: Node ${versions[0]} for x64, ${versions[1]} for arm64`]),
  ],
  `pinned, multi-stage, Node ${versions[0]} as in the lockfile`,
);

const digests = [nodeImage(), runtimeImage()].map((image) => parseReference(image).digest);
// Also files that are not committed yet; exit 1 of git grep is "none".
const { status, stdout, stderr } = spawnSync(
  'git',
  ['grep', '--untracked', '-l', '-F', ...digests.flatMap((digest) => ['-e', digest]), '--', ':!Dockerfile'],
  { cwd: root, encoding: 'utf8' },
);
const elsewhere = status === 0 ? stdout.trim().split('\n') : [];
if (status > 1) console.log(`skipped: one place for base images: ${stderr.trim()}`);
check(
  'one place for base images',
  elsewhere.map(
    (path) => `${path} repeats a digest of the Dockerfile: take it from there (tools/images/pins.mjs)`,
  ),
  'no other file has their digests',
);

const tag = JSON.parse(read('package.json')).version;
const asked = new Set();
const problems = [];
let renders = 0;
for (const chart of readdirSync(join(root, 'charts'))) {
  const folder = join('charts', chart, 'rendered');
  if (!existsSync(join(root, folder))) continue;
  for (const file of readdirSync(join(root, folder))) {
    const found = agreement(read(join(folder, file)), join(folder, file), { tag });
    problems.push(...found.problems);
    for (const service of found.services) asked.add(service);
    renders += 1;
  }
}
for (const name of serviceNames) if (!asked.has(name)) problems.push(`no chart asks for the image ${name}`);
check(
  'charts',
  problems,
  `${renders} renders ask for the ${asked.size} images as they are built: tag ${tag}, user, port`,
);

const missing = serviceNames.filter((name) => !existsSync(join(root, 'apps', name, 'src/main.ts')));
check(
  'services',
  [...missing.map((name) => `tools/images/services.mjs: there is no apps/${name}`)],
  `${Object.keys(services).length} apps have an image`,
);
process.exit(failed === 0 ? 0 : 1);
