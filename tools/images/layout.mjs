// Lays out what goes into an image, from a built bundle: node tools/images/layout.mjs APP ARCH FOLDER
//   FOLDER/app       the bundle, its source map, the packages that it left out, the health check, licences
//   FOLDER/warm.json what the run that fills the compile cache needs to know
//   FOLDER/writable  folders that the service's user may write to: LOG_DIR, the emulators' DATA_DIR, the one of HEALTH_LOG_FILE
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../node.mjs';
import { externalPackages, keptInImage } from './external-packages.mjs';
import { licences } from './licences.mjs';
import { appProblem, services } from './services.mjs';

const [app, arch, folder] = process.argv.slice(2);
const problem =
  appProblem(app) ??
  (['amd64', 'arm64'].includes(arch)
    ? null
    : `the architecture is ${JSON.stringify(arch)}; it is amd64 or arm64`);
if (problem || !folder) {
  console.error(problem ?? 'usage: node tools/images/layout.mjs APP ARCH FOLDER');
  process.exit(2);
}

const dist = join(root, 'apps', app, 'dist');
const target = join(folder, 'app');
mkdirSync(target, { recursive: true });
const meta = JSON.parse(readFileSync(join(dist, 'meta.json'), 'utf8'));
for (const file of ['main.cjs', 'main.cjs.map']) copyFileSync(join(dist, file), join(target, file));

const packages = externalPackages(meta, root);
for (const { name, path } of packages)
  cpSync(path, join(target, 'node_modules', name), {
    recursive: true,
    filter: (source) => keptInImage(source.slice(path.length + 1), arch),
  });

const { health, workerHealth, environment = {} } = services[app];
const here = dirname(fileURLToPath(import.meta.url));
copyFileSync(join(here, 'healthcheck.cjs'), join(target, 'healthcheck.cjs'));
writeFileSync(join(target, 'healthcheck.json'), JSON.stringify({ health, workerHealth }));
writeFileSync(
  join(folder, 'warm.json'),
  JSON.stringify({ port: (workerHealth ?? health)?.port, environment }),
);
writeFileSync(join(target, 'LICENSES.txt'), licences(meta, packages, root));

// A new named volume gets the owner of the folder that it covers.
for (const writable of ['logs', 'data', 'var/log'])
  mkdirSync(join(folder, 'writable', writable), { recursive: true });
console.log(`${app} for ${arch}: ${packages.length} packages beside the bundle`);
