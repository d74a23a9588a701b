// npm run e2e -- --kubeconfig FILE | --lab: installs every chart, asserts what comes of it, takes it out again. The last line says
// `N passed, N failed, N skipped`; what is skipped is said with its reason.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findHelms, runHelm } from './charts/helm.mjs';
import { projectNode, root } from './node.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

const usage = `usage: npm run e2e -- (--kubeconfig FILE [--context NAME] [--crds] | --lab) [--only RELEASE ...] [-- jest options]
  --kubeconfig FILE   a cluster with KEDA, without the namespaces of the releases; pods may be simulated
  --context NAME      of the kubeconfig; default: its current one
  --crds              add the CRDs of the HTTP add-on and the Prometheus operator that the cluster lacks, for the time of the run
  --lab               a lab of its own
  --only RELEASE      one release (repeatable)`;

function refuse(message) {
  console.error(`e2e: ${message}\n${usage}`);
  process.exit(2);
}

function parse() {
  try {
    const { positionals, values } = parseArgs({
      strict: true,
      allowPositionals: true,
      options: {
        kubeconfig: { type: 'string' },
        context: { type: 'string' },
        crds: { type: 'boolean', default: false },
        lab: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
      },
    });
    return { ...values, jest: positionals };
  } catch (error) {
    return refuse(error.message);
  }
}

const { context, crds, jest, kubeconfig, lab, only } = parse();
if (lab === (kubeconfig !== undefined)) refuse('say against what: either --kubeconfig FILE or --lab');
if (kubeconfig !== undefined && !existsSync(kubeconfig))
  refuse(`--kubeconfig: there is no file ${kubeconfig}`);
ensureInstalled();
ensureBuilt();
const { helms, missing } = findHelms();
if (helms.length === 0) refuse(`no Helm: ${missing.join('; ')}`);
for (const reason of missing) console.log(`skipped: ${reason}`);

if (kubeconfig !== undefined) {
  // Whoever cannot be asked is named in a line, before anything is begun.
  const where = ['--kubeconfig', kubeconfig, ...(context === undefined ? [] : ['--kube-context', context])];
  const { status, stderr } = runHelm(helms[0], ['list', '--all-namespaces', ...where], { cwd: root });
  if (status !== 0) refuse(`--kubeconfig ${kubeconfig}: ${stderr.trim().split('\n').at(-1)}`);
}

const results = join(root, '.cache', 'e2e-results.json');
mkdirSync(join(root, '.cache'), { recursive: true });
rmSync(results, { force: true });
const request = { kubeconfig: kubeconfig ?? null, context: context ?? null, only, crds, helms };
const { status } = spawnSync(
  projectNode(),
  [
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    ...['--config', join(root, 'e2e/releases/jest.config.cjs'), '--runInBand', '--verbose'],
    ...['--json', `--outputFile=${results}`, ...jest],
  ],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, SCALELAB_E2E_REQUEST: JSON.stringify(request) },
  },
);
let summary = { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numRuntimeErrorTestSuites: 0 };
if (existsSync(results)) summary = JSON.parse(readFileSync(results, 'utf8'));
const failed = summary.numFailedTests + summary.numRuntimeErrorTestSuites;
console.log(`${summary.numPassedTests} passed, ${failed} failed, ${summary.numPendingTests} skipped`);
process.exit(status === 0 && failed === 0 ? 0 : 1);
