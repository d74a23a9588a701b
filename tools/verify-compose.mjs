// Compose files, without a daemon: they keep their rules, .env.example has their defaults, and every compose program here accepts them.
// Seconds. The real thing, started: `npm run verify:images` (docs/compose.md).
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { findComposes } from './compose/client.mjs';
import {
  composeProblems,
  embeddedProblems,
  environmentFile,
  environmentProblems,
  unknownVariables,
  variables,
} from './compose/rules.mjs';
import { root } from './node.mjs';
import { sources } from './setup.mjs';

const read = (path) => readFileSync(join(root, path), 'utf8');
const files = ['docker-compose.yml', 'docker-compose.embedded.yml'];
const [base, override] = files.map((file) => parse(read(file), { merge: true }));
let failed = 0;

function check(name, problems, done) {
  if (problems.length > 0) failed += 1;
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? `${name}: ${done}` : `FAILED ${name}`);
}

check(
  'docker-compose.yml',
  composeProblems(base),
  `${Object.keys(base.services).length} services, fenced, bound to one address`,
);
check(
  'docker-compose.embedded.yml',
  embeddedProblems(base, override),
  'only the emulators in the place of LocalStack and Kafka',
);

const used = variables(files.map(read).join('\n'));
check(
  '.env.example',
  environmentProblems(used, environmentFile(read('.env.example'))),
  `${used.size} variables with their defaults`,
);

/** Capital names at the beginning of a line of an app's settings, and of the libraries that it takes settings from. */
const shared = ['libs/service/src/settings.ts', 'libs/log-writer/src'].flatMap((path) =>
  path.endsWith('.ts') ? [join(root, path)] : sources(join(root, path)),
);
const known = (app) =>
  new Set(
    [join(root, 'apps', app, 'src/config.ts'), ...shared]
      .filter((file) => !file.endsWith('.spec.ts'))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/^ +([A-Z][A-Z0-9_]+)(?::|,$)/gm)].map(([, name]) => name),
      ),
  );
check(
  'variables',
  [...unknownVariables(base.services, known), ...unknownVariables(override.services, known)],
  'each is read by the app that gets it',
);

const mounted = Object.values(base.services).flatMap(({ volumes = [] }) =>
  volumes.filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0]),
);
check(
  'mounts',
  mounted
    .filter((path) => !existsSync(join(root, path)))
    .map((path) => `docker-compose.yml mounts ${path}, which is not there`),
  `${mounted.length} files and folders are there`,
);

const { registry, tag } = parse(read('charts/shared-values.yaml')).global.image;
const same = (name, wanted) =>
  [...used.get(name)].join() === wanted
    ? []
    : [`${name} is ${[...used.get(name)]} by default, the charts have ${wanted}`];
check(
  'images',
  [...same('REGISTRY', registry), ...same('TAG', tag)],
  `${registry}/<service>:${tag}, as in the charts`,
);

// Without the user's .env: the defaults must be enough.
const folder = mkdtempSync(join(tmpdir(), 'scalelab-compose-'));
const noSettings = join(folder, 'empty.env');
writeFileSync(noSettings, '');
const composes = findComposes();
if (composes.length === 0)
  console.log('skipped: config with docker compose and docker-compose: neither is in PATH');
for (const { words, version } of composes)
  for (const args of [
    ['-f', files[0], '--profile', 'observability'],
    files.flatMap((file) => ['-f', file]),
  ]) {
    const [program, ...rest] = words;
    const { status, stderr } = spawnSync(
      program,
      [...rest, '--env-file', noSettings, ...args, 'config', '--quiet'],
      { cwd: root, encoding: 'utf8' },
    );
    check(
      `compose ${version} config ${args.filter((word) => word !== '-f').join(' ')}`,
      status === 0 ? [] : [stderr.trim()],
      'valid',
    );
  }
rmSync(folder, { recursive: true, force: true });
process.exit(failed === 0 ? 0 : 1);
