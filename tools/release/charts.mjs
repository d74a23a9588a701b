// Charts: linted, packaged under the version of the release, pushed as OCI artifacts and signed.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { kubeVersion } from '../charts/helm.mjs';
import { charts as allCharts, releases } from '../charts/releases.mjs';
import { root } from '../node.mjs';
import { requirePrograms, run } from './program.mjs';
import { isLocal, loggedIn } from './registry.mjs';
import { sign } from './signature.mjs';
import { StepError } from './step-error.mjs';
import { refuseDirty } from './version.mjs';

/** Every chart is linted before the first is packaged, and every one packaged before the first is pushed. */
export async function releaseCharts(
  { names, registry, tag, chartVersion, out, push, sign: signed, identity, issuer },
  version,
) {
  const charts = names.length > 0 ? names : allCharts;
  if (push) refuseDirty(version, 'push charts');
  requirePrograms(['helm', ...(signed ? ['cosign', 'docker'] : [])]);
  for (const chart of charts) await lint(chart);
  const folder = resolve(root, out);
  mkdirSync(folder, { recursive: true });
  const files = [];
  for (const chart of charts) files.push(await pack(chart, { registry, tag, chartVersion, folder }));
  if (!push) return `${files.length} charts ${chartVersion} in ${out}`;

  const work = async () => {
    for (const [index, chart] of charts.entries()) {
      const digest = await pushChart(chart, files[index], registry);
      if (signed) await sign(`${registry}/charts/${chart}@${digest}`, { identity, issuer });
    }
  };
  // cosign reads docker's credentials, helm has its own.
  await loggedIn('helm', registry, () => (signed ? loggedIn('docker', registry, work) : work()));
  return `${files.length} charts ${chartVersion} at oci://${registry}/charts`;
}

async function lint(chart) {
  const rows = releases().filter((row) => row.chart === chart);
  const variants = [[], ...rows.map(({ values }) => values).filter((values) => values.length > 0)];
  for (const values of variants)
    await run(
      'helm',
      [
        'lint',
        `charts/${chart}`,
        '--strict',
        '--quiet',
        ...kubeVersion,
        ...['charts/shared-values.yaml', ...values].flatMap((file) => ['--values', file]),
      ],
      {
        step: `lint chart ${chart}`,
        quiet: true,
        cwd: root,
        cure: (text) =>
          `${text.stdout.trim() || 'helm lint says more'}\n  the same by hand: helm lint charts/${chart} --strict --values charts/shared-values.yaml ${values.map((file) => `--values ${file}`).join(' ')}`,
      },
    );
  console.log(`charts/${chart}: lint passes with ${variants.length} sets of values`);
}

/** The package's own defaults name the images of this release, so that `helm install oci://...` needs no value for it. */
async function pack(chart, { registry, tag, chartVersion, folder }) {
  const staging = mkdtempSync(join(tmpdir(), 'scalelab-package-'));
  try {
    const copy = join(staging, chart);
    // The link to the library is replaced by the library, by hand: `dereference` leaves it a link in some versions of Node, and what
    // is written below would change the checkout.
    const link = join(root, 'charts', chart, 'charts/common');
    cpSync(join(root, 'charts', chart), copy, { recursive: true, filter: (source) => source !== link });
    cpSync(join(root, 'charts/common'), join(copy, 'charts/common'), { recursive: true });
    const file = join(copy, 'charts/common/values.yaml');
    const values = parseDocument(readFileSync(file, 'utf8'));
    values.setIn(['exports', 'global', 'global', 'image', 'registry'], registry);
    values.setIn(['exports', 'global', 'global', 'image', 'tag'], tag);
    writeFileSync(file, values.toString({ lineWidth: 0 }));
    await run(
      'helm',
      ['package', copy, '--version', chartVersion, '--app-version', tag, '--destination', folder],
      {
        step: `package chart ${chart}`,
        quiet: true,
        cure: `see what helm says; charts/${chart} must pass "node tools/verify-charts.mjs"`,
      },
    );
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  const packed = join(folder, `${chart}-${chartVersion}.tgz`);
  if (!existsSync(packed))
    throw new StepError(
      `package chart ${chart}`,
      `helm package made no ${packed}`,
      'update Helm to 3.17 or newer',
    );
  console.log(`packaged ${packed}`);
  return packed;
}

async function pushChart(chart, file, registry) {
  const { stdout, stderr } = await run(
    'helm',
    ['push', file, `oci://${registry}/charts`, ...(isLocal(registry) ? ['--plain-http'] : [])],
    {
      step: `push chart ${chart}`,
      cure: `check that the account may write to ${registry}/charts/${chart}; a version that is there is overwritten only where the registry allows it`,
    },
  );
  const [, digest] = /Digest:\s*(sha256:[0-9a-f]{64})/.exec(stdout + stderr) ?? [];
  if (!digest)
    throw new StepError(`push chart ${chart}`, 'helm push told no digest', 'update Helm to 3.17 or newer');
  return digest;
}
