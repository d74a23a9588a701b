// Helm 3 beside the Helm 4 that is fetched: no package carries it, so it is built once with Go into .cache/helm/v3 (about 4 minutes).
// node tools/charts/helm3.mjs
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../node.mjs';

const source = 'helm.sh/helm/v3/cmd/helm@v3.22.0';

export const helm3Path = join(root, '.cache/helm/v3/helm');

/** @returns {{path: string} | {skipped: string}} */
export function buildHelm3() {
  if (existsSync(helm3Path)) return { path: helm3Path };
  const { error, status, stderr } = spawnSync('go', ['install', source], {
    encoding: 'utf8',
    env: { ...process.env, GOBIN: dirname(helm3Path), GOFLAGS: '-trimpath' },
  });
  if (error) return { skipped: 'no Go in PATH, which builds Helm 3' };
  return status === 0 ? { path: helm3Path } : { skipped: `${source} could not be built: ${stderr.trim().split('\n').at(-1)}` };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const built = buildHelm3();
  console.log(built.path ?? `skipped: ${built.skipped}`);
}
