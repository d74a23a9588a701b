// The licences of what is in a bundle, as their texts ask for.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @param meta esbuild's metafile, whose inputs are relative to `root`
 * @param {{name: string, path: string}[]} external packages beside the bundle
 */
export function licences(meta, external, root) {
  const folders = new Set(external.map(({ path }) => path));
  for (const input of Object.keys(meta.inputs)) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder) folders.add(join(root, folder));
  }
  const texts = new Map();
  for (const folder of folders) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const { name, version, license } = JSON.parse(readFileSync(file, 'utf8'));
    if (name) texts.set(`${name}@${version}`, `${license ?? 'no licence named'}\n\n${licenceText(folder)}`);
  }
  const own = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
  return [
    `scalelab\n\n${own}\n`,
    ...[...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([title, text]) => `${title}: ${text}`),
  ].join(`\n${'-'.repeat(80)}\n\n`);
}

function licenceText(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name));
  return file
    ? `${readFileSync(join(folder, file), 'utf8').trim()}\n`
    : '(the package has no licence file)\n';
}
