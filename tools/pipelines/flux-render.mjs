// Renders every HelmRelease of a cluster as Flux's source-controller does it, and the same release as tools/release.mjs deploy does:
// stdin a cluster of flux.mjs, stdout [{release, flux, helm}] or {skipped}. source-controller drops symbolic links, merges valuesFiles into the
// chart's values.yaml, fetches file:// dependencies, and puts the commit into the chart's version.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { findHelm, kubeVersion, runHelm } from '../charts/helm.mjs';
import { templateArguments } from '../charts/render.mjs';
import { root } from '../node.mjs';
import { targets } from '../release/targets.mjs';
import { readYamlObjects } from './files.mjs';
import { clusters } from './flux.mjs';

function merge(base, over) {
  const isMap = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
  const merged = { ...base };
  for (const [key, value] of Object.entries(over))
    merged[key] = isMap(value) && isMap(merged[key]) ? merge(merged[key], value) : value;
  return merged;
}

function helm(tool, args) {
  const { status, stdout, stderr } = runHelm(tool, args, { cwd: root });
  if (status !== 0) throw new Error(`helm ${args.join(' ')}: ${stderr}`);
  return stdout.replace(/^# Source: .*\n/gm, '');
}

function fluxRender(tool, work, { metadata, spec }) {
  const name = spec.chart.spec.chart.replace('charts/', '');
  const copy = join(work, 'charts', name);
  rmSync(copy, { recursive: true, force: true });
  const link = join(root, 'charts', name, 'charts/common');
  cpSync(join(root, 'charts', name), copy, { recursive: true, filter: (source) => source !== link });
  const values = spec.chart.spec.valuesFiles.map(
    (file) => parse(readFileSync(join(root, file), 'utf8')) ?? {},
  );
  writeFileSync(join(copy, 'values.yaml'), stringify(values.reduce(merge)));
  const meta = readFileSync(join(copy, 'Chart.yaml'), 'utf8');
  writeFileSync(
    join(copy, 'Chart.yaml'),
    meta.replace(/^version: .*$/m, (line) => `${line}+0123abc4567d`),
  );
  helm(tool, ['dependency', 'build', copy]);
  const own = join(work, 'values.yaml');
  writeFileSync(own, stringify(spec.values));
  return helm(tool, [
    'template',
    spec.releaseName,
    copy,
    '--namespace',
    metadata.namespace,
    ...kubeVersion,
    '--values',
    own,
  ]);
}

const cluster = readFileSync(0, 'utf8').trim();
const tool = findHelm();
const kustomize = spawnSync('kubectl', ['kustomize', join(root, `deploy/flux/apps/${cluster}`)], {
  encoding: 'utf8',
});
if (tool.skipped || kustomize.error) {
  console.log(JSON.stringify({ skipped: tool.skipped ?? 'kubectl is not in PATH' }));
} else {
  const releases = readYamlObjects(kustomize.stdout, cluster).filter(({ kind }) => kind === 'HelmRelease');
  const work = mkdtempSync(join(tmpdir(), 'scalelab-flux-'));
  try {
    cpSync(join(root, 'charts/common'), join(work, 'charts/common'), { recursive: true });
    const rows = targets(clusters[cluster]).map(({ release, chart, namespace, values }) => {
      const found = releases.find(({ metadata }) => metadata.name === release);
      const { registry, tag } = found.spec.values.global.image;
      return {
        release,
        flux: fluxRender(tool, work, found),
        helm: helm(tool, [
          ...templateArguments({ chart, release, namespace, values, set: [] }),
          '--set-string',
          `global.image.registry=${registry},global.image.tag=${tag}`,
        ]),
      };
    });
    console.log(JSON.stringify(rows));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
