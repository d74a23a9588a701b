import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@scalelab/testing';
import { runPlaybook, tools } from './playbook';

const found = tools();
if ('skipped' in found) process.stdout.write(`skipped: ${found.skipped}\n`);

/** Of a cluster that is not there: port 1 of this machine answers nobody. */
function kubeconfig(contexts: readonly string[]): string {
  const file = join(tempDir('ansible-refusals'), 'kubeconfig');
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': contexts[0] ?? '',
      contexts: contexts.map((name) => ({ name, context: { cluster: 'c', user: 'u' } })),
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }],
      users: [{ name: 'u', user: {} }],
    }),
  );
  return file;
}

/** [what is wrong, playbook, variables over those of a cluster, what must be said: the key, and the cure] */
const refused: [string, string, Record<string, unknown>, string[]][] = [
  [
    'an unknown word',
    'site.yml',
    { part_keda: 'instal' },
    ['part_keda is "instal"', 'set it to install or existing or absent'],
  ],
  [
    'an unknown variable',
    'site.yml',
    { clutser: 'kind' },
    ['clutser: there is no such variable', 'Like clutser: cluster'],
  ],
  [
    'an unknown service',
    'site.yml',
    { services: 'backend,dta' },
    ['services is "backend,dta"', 'name one or more of emulators'],
  ],
  [
    'values that are no mapping',
    'playbook_backend.yml',
    { values_backend: 3 },
    ['values_backend is 3, not a mapping', '-e @FILE'],
  ],
  [
    'no kubeconfig for a cluster of somebody',
    'site.yml',
    { kubeconfig: '' },
    ['cluster is existing without kubeconfig', '-e kubeconfig=FILE'],
  ],
  [
    'a kubeconfig that is not there',
    'site.yml',
    { kubeconfig: '/no/such/file' },
    ['kubeconfig is /no/such/file, which is no file', '-e kubeconfig=FILE'],
  ],
  [
    'a context that is not there',
    'site.yml',
    { kube_context: 'prod' },
    ['kube_context is prod, but', 'only has staging', 'set it to one of them'],
  ],
  [
    'no telling which context',
    'site.yml',
    { kubeconfig: kubeconfig(['staging', 'production']) },
    ['has the contexts staging, production', '-e kube_context=NAME'],
  ],
  [
    'a cluster that does not answer',
    'verify.yml',
    {},
    [
      'context staging: the API server https://127.0.0.1:1 cannot be asked',
      'Start the cluster, or name another one',
    ],
  ],
  [
    'a Kafka that has no address',
    'site.yml',
    { part_kafka: 'existing' },
    ['part_kafka is existing, but endpoint_kafka is empty', 'set it to host:port'],
  ],
  [
    'an add-on without what it adds to',
    'site.yml',
    { part_keda: 'absent' },
    ['part_keda is absent', 'set part_http_add_on=absent too'],
  ],
  [
    'a dashboard with a well-known password',
    'site.yml',
    { part_prometheus: 'install' },
    ['grafana_admin_password is empty', 'set it, or part_prometheus=existing or absent'],
  ],
  [
    'a folder that is not there',
    'site.yml',
    { offline_dir: '/no/such/folder' },
    ['offline_dir is /no/such/folder, which is no folder', 'charts/, images/ and manifests/'],
  ],
  [
    'a profile that is not there',
    'site.yml',
    { profile: 'demo' },
    ['profile is demo, which no chart has', 'kind-demo'],
  ],
  [
    'tools that are too old',
    'site.yml',
    {
      minimum_versions: {
        ansible_core: '99.0',
        kubernetes_core: '99.0',
        python_kubernetes: '99.0',
        helm: '99.0',
        kubernetes: '1.30.0',
      },
    },
    ['ansible-core is', '99.0 is the least: pip install', 'Helm is', 'ansible-galaxy collection install'],
  ],
];

describe('before anything is applied', () => {
  const file = kubeconfig(['staging']);
  ('skipped' in found ? it.skip : it).each(refused)(
    'refuses %s',
    async (_, playbook, variables, said) => {
      if ('skipped' in found) return;
      const run = await runPlaybook(found, playbook, {
        cluster: 'existing',
        kubeconfig: file,
        part_prometheus: 'absent',
        ...variables,
      });
      expect(run).toMatchObject({ status: 2, changed: 0, failed: 1 });
      for (const text of said) expect(run.reason).toContain(text);
    },
    120_000,
  );
});
