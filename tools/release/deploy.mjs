// Deploys releases with Helm: the cluster is asked first, every release is tried dry, and only then is the first one applied.
import { root } from '../node.mjs';
import { requirePrograms, run } from './program.mjs';
import { StepError } from './step-error.mjs';
import { targets } from './targets.mjs';

/**
 * @param {{names: string[], registry: string, tag: string, profile: string, context: string, kubeconfig?: string, timeout: string,
 *   values: string[], dryRun: boolean, test: boolean}} options
 */
export async function deploy({
  names,
  registry,
  tag,
  profile,
  context,
  kubeconfig,
  timeout,
  values,
  dryRun,
  test,
}) {
  const rows = selected(profile, names);
  requirePrograms(['helm', 'kubectl']);
  refuseOtherCluster(profile, context);
  const file = kubeconfig ? ['--kubeconfig', kubeconfig] : [];
  await findContext(context, file);
  await reachCluster(context, file);
  const rollback = await rollbackFlag();

  const upgrade = (row) => [
    'upgrade',
    row.release,
    `charts/${row.chart}`,
    '--install',
    '--namespace',
    row.namespace,
    '--create-namespace',
    '--kube-context',
    context,
    ...file,
    ...['charts/shared-values.yaml', ...row.values, ...values].flatMap((path) => ['--values', path]),
    '--set-string',
    `global.image.registry=${registry},global.image.tag=${tag}`,
  ];
  for (const row of rows)
    await run('helm', [...upgrade(row), '--dry-run=server'], {
      step: `try ${row.release}`,
      quiet: true,
      cwd: root,
      cure: (text) =>
        `nothing was applied. ${text.stderr.trim()}\n  to do without this release, name the others: ${others(rows, row)}`,
    });
  console.log(`${rows.length} releases would be accepted by ${context}`);
  if (dryRun) return `dry run: nothing applied, ${rows.length} releases tried`;

  const done = [];
  for (const row of rows) {
    const left = rows.slice(done.length + 1).map(({ release }) => release);
    const state = `deployed before: ${done.join(', ') || 'none'}; not touched: ${left.join(', ') || 'none'}`;
    await run(
      'helm',
      [
        ...upgrade(row),
        '--history-max',
        '10',
        ...(row.wait ? [rollback, '--wait', '--timeout', timeout] : []),
      ],
      {
        step: `deploy ${row.release}`,
        cwd: root,
        cure: `${row.wait ? 'Helm rolled it back' : 'it may be half applied'}; kubectl --context ${context} -n ${row.namespace} get events,pods says why. ${state}`,
      },
    );
    if (test)
      await run(
        'helm',
        ['test', row.release, '--namespace', row.namespace, '--kube-context', context, ...file, '--logs'],
        {
          step: `test ${row.release}`,
          cure: `the release is in place but does not answer; back to the one before: helm rollback ${row.release} --namespace ${row.namespace} --kube-context ${context}. ${state}`,
        },
      );
    done.push(row.release);
  }
  return `${done.length} releases ${tag} on ${context}: ${done.join(', ')}`;
}

function selected(profile, names) {
  const rows = targets(profile);
  for (const name of names)
    if (!rows.some(({ release }) => release === name))
      throw new StepError(
        'deploy',
        `${name} is no release of profile ${profile}`,
        `name some of ${rows.map(({ release }) => release).join(', ')}, or none for all`,
        { code: 'input' },
      );
  return names.length > 0 ? rows.filter(({ release }) => names.includes(release)) : rows;
}

function others(rows, row) {
  return rows
    .filter(({ release }) => release !== row.release)
    .map(({ release }) => release)
    .join(' ');
}

/** A profile of a laptop never lands in production, and the other way round. */
function refuseOtherCluster(profile, context) {
  const onKind = /^kind-/.test(context);
  if (onKind === (profile === 'kind-demo')) return;
  throw new StepError(
    'check context',
    `context ${context} is ${onKind ? 'a kind cluster' : 'no kind cluster'}, but profile ${profile} is for ${onKind ? 'a real one' : 'kind'}`,
    onKind
      ? 'use --profile kind-demo, or the context of the real cluster'
      : 'use another --profile, or a kind-... context',
    { code: 'input' },
  );
}

async function findContext(context, file) {
  const { stdout } = await run('kubectl', ['config', 'get-contexts', '--output', 'name', ...file], {
    step: 'check context',
    quiet: true,
    cure: 'set KUBECONFIG or --kubeconfig to a readable kubeconfig',
  });
  const known = stdout.split('\n').filter(Boolean);
  if (!known.includes(context))
    throw new StepError(
      'check context',
      `the kubeconfig has no context ${context}`,
      `it has ${known.join(', ') || 'none'}: correct --context, or set KUBECONFIG or --kubeconfig`,
      { code: 'input' },
    );
}

async function reachCluster(context, file) {
  await run(
    'kubectl',
    ['--context', context, ...file, 'get', '--raw', '/readyz', '--request-timeout', '15s'],
    {
      step: 'reach cluster',
      quiet: true,
      code: 'cluster',
      timeoutMs: 60_000,
      cure: `nothing was applied. Check that the cluster of context ${context} runs, that this machine reaches it, and that the credentials are valid`,
    },
  );
}

/** Helm 4 has another word for it. */
async function rollbackFlag() {
  const { stdout } = await run('helm', ['version', '--template', '{{.Version}}'], {
    step: 'ask helm',
    quiet: true,
    cure: 'install Helm 3.17 or newer',
  });
  const [, major = '', minor = '0'] = /v?(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (major === '3' && Number(minor) >= 17) return '--atomic';
  if (Number(major) >= 4) return '--rollback-on-failure';
  throw new StepError(
    'ask helm',
    `helm says its version is ${stdout.trim() || 'nothing'}`,
    'install Helm 3.17 or newer',
    {
      code: 'tool',
    },
  );
}
