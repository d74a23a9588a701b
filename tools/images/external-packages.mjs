// The packages that a bundle leaves outside (native addons), with all that they need.
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * @param meta esbuild's metafile
 * @param root folder with node_modules
 * @returns {{name: string, version: string, path: string}[]} sorted by name
 * @throws Error when a package is not installed
 */
export function externalPackages(meta, root) {
  const found = new Map();
  const add = (name, from) => {
    if (found.has(name)) return;
    const path = locate(name, from, root);
    if (!path) throw new Error(`${name}, which ${from} needs, is not in node_modules: run "npm ci"`);
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    found.set(name, { name, version: manifest.version, path });
    for (const needed of Object.keys(manifest.dependencies ?? {})) add(needed, path);
  };
  for (const output of Object.values(meta.outputs))
    for (const { path, external } of output.imports ?? [])
      if (external && !path.startsWith('node:') && !builtinModules.includes(path)) add(packageOf(path), root);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `@a/b/c` -> `@a/b`, `a/b` -> `a`. */
export function packageOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** As Node looks it up from the folder `from`, up to `root`. */
function locate(name, from, root) {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name);
    if (existsSync(join(path, 'package.json'))) return path;
    if (folder === root || folder === dirname(folder)) return null;
  }
}

const nodeArch = { amd64: 'x64', arm64: 'arm64' };

/**
 * Whether a file of such a package is needed to run it: of the prebuilt addons the one for this processor with glibc, and no sources,
 * types or documentation.
 * @param file path inside the package; empty for the package itself
 * @param {'amd64' | 'arm64'} arch
 */
export function keptInImage(file, arch) {
  const [top, platform, binary] = file.split('/');
  if (top === 'prebuilds')
    return platform === undefined || (platform === `linux-${nodeArch[arch]}` && !/musl/.test(binary ?? ''));
  if (['deps', 'src', 'test', 'node_modules', '.github'].includes(top)) return false;
  return !/(\.(md|d\.ts|map|cc|c|h|gyp|gypi|ts)|\.npmignore)$/i.test(file);
}
