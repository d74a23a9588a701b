// Base images of the same names, made of Debian packages and the project's own Node, for machines that cannot pull: they stand in for
// node:*-bookworm-slim and distroless/cc-debian12. Not the published ones, so they have no digest. Debian bookworm only.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledNode } from '../node.mjs';
import { nodeImage, runtimeImage, withoutDigest } from './pins.mjs';

/** As distroless/cc-debian12: glibc, what C++ programs need, certificates, time zones. */
const runtimePackages = [
  'base-files',
  'netbase',
  'tzdata',
  'ca-certificates',
  'libc6',
  'libssl3',
  'libgcc-s1',
  'libgomp1',
  'libstdc++6',
];
/** And a shell with coreutils, for RUN. */
const buildPackages = [
  ...runtimePackages,
  ...['dash', 'coreutils', 'libacl1', 'libattr1', 'libgmp10', 'libselinux1', 'libpcre2-8-0'],
];

/** @returns {string | null} why they cannot be made here */
export function cannotMakeBases() {
  if (!bundledNode() || process.platform !== 'linux') return 'no packaged Node for Linux here';
  if (
    !existsSync('/etc/debian_version') ||
    !/VERSION_CODENAME=bookworm/.test(readFileSync('/etc/os-release', 'utf8'))
  )
    return 'local base images are made of Debian bookworm packages, and this is not Debian bookworm';
  for (const tool of ['apt-get', 'dpkg-deb', 'tar', 'npm'])
    if (spawnSync(tool, ['--version'], { stdio: 'ignore' }).error) return `${tool} is not there`;
  return null;
}

/**
 * Makes both, unless images of these names are there already.
 * @param docker runs docker with arguments and throws when it fails (docker.mjs)
 * @returns {Promise<{node: string, runtime: string}>} names to build with
 */
export async function makeLocalBases(docker, say = () => {}) {
  const names = { node: withoutDigest(nodeImage()), runtime: withoutDigest(runtimeImage()) };
  const missing = Object.entries(names).filter(([, name]) => !docker.has(name));
  if (missing.length === 0) return names;
  const why = cannotMakeBases();
  if (why) throw new Error(`${missing.map(([, name]) => name).join(' and ')} cannot be made here: ${why}`);
  const work = mkdtempSync(join(tmpdir(), 'scalelab-bases-'));
  try {
    say(`making ${missing.map(([, name]) => name).join(' and ')} of Debian packages`);
    download(buildPackages, join(work, 'debs'));
    if (missing.some(([kind]) => kind === 'runtime')) {
      const files = join(work, 'runtime');
      unpack(runtimePackages, join(work, 'debs'), files);
      docker.importFolder(files, names.runtime, [
        'CMD []',
        'ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
      ]);
    }
    if (missing.some(([kind]) => kind === 'node')) {
      const files = join(work, 'node');
      unpack(buildPackages, join(work, 'debs'), files);
      addNode(files, work);
      docker.importFolder(files, names.node, [
        'CMD ["node"]',
        'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ]);
    }
    return names;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function run(command, args, cwd) {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0)
    throw new Error(`${command} ${args[0]} failed: ${(error?.message ?? stderr).trim().split('\n').at(-1)}`);
}

function download(packages, folder) {
  mkdirSync(folder, { recursive: true });
  run('apt-get', ['download', '-o', 'APT::Sandbox::User=root', '-qq', ...packages], folder);
}

function unpack(packages, debs, folder) {
  for (const dir of ['tmp', 'etc', 'proc', 'sys', 'dev', 'root'])
    mkdirSync(join(folder, dir), { recursive: true });
  for (const name of packages) {
    const deb = readdirSync(debs).find((file) => file.startsWith(`${name}_`));
    if (!deb) throw new Error(`apt-get downloaded no ${name}`);
    run('dpkg-deb', ['--extract', join(debs, deb), folder]);
  }
  for (const spare of ['doc', 'man', 'locale', 'info', 'lintian', 'bug'])
    rmSync(join(folder, 'usr/share', spare), { recursive: true, force: true });
  rmSync(join(folder, 'usr/lib', `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`, 'gconv'), {
    recursive: true,
    force: true,
  });
  if (existsSync(join(folder, 'bin/dash')) && !existsSync(join(folder, 'bin/sh')))
    symlinkSync('dash', join(folder, 'bin/sh'));
  writeFileSync(
    join(folder, 'etc/passwd'),
    'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n',
  );
  writeFileSync(join(folder, 'etc/group'), 'root:x:0:\nnonroot:x:65532:\n');
  // Mozilla's certificates as the package has them: never this machine's own bundle.
  const certificates = join(folder, 'usr/share/ca-certificates/mozilla');
  const bundle = readdirSync(certificates).map((file) => readFileSync(join(certificates, file), 'utf8'));
  mkdirSync(join(folder, 'etc/ssl/certs'), { recursive: true });
  writeFileSync(join(folder, 'etc/ssl/certs/ca-certificates.crt'), bundle.join(''));
}

/** The Node of the lockfile, and the npm that is in PATH. */
function addNode(folder, work) {
  const bin = join(folder, 'usr/local/bin');
  const modules = join(folder, 'usr/local/lib/node_modules');
  mkdirSync(bin, { recursive: true });
  mkdirSync(modules, { recursive: true });
  cpSync(bundledNode(), join(bin, 'node'));
  const globals = spawnSync('npm', ['root', '--global'], { encoding: 'utf8', cwd: work }).stdout.trim();
  if (!existsSync(join(globals, 'npm'))) throw new Error(`npm is not in ${globals}`);
  cpSync(join(globals, 'npm'), join(modules, 'npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(bin, 'npm'));
}
