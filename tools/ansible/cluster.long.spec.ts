import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources, type KubeObject } from '@scalelab/kube';
import { tempDir } from '@scalelab/testing';
import { ClusterApi } from '../../e2e/releases/cluster-api';
import { foreignCrds } from '../../e2e/releases/foreign-crds';
import { Signals } from '../../e2e/releases/signals';
import { runPlaybook, tools, type Run } from './playbook';

// SCALELAB_KUBECONFIG=FILE names a cluster with KEDA and metrics-server, KEDA on this machine. Its pods may be simulated; with
// SCALELAB_PODS=real they have to come up from their own images, and are asked.
const kubeconfig = process.env.SCALELAB_KUBECONFIG ?? '';
const real = process.env.SCALELAB_PODS === 'real';
const found = tools();
const missing = existsSync(kubeconfig) ? [] : ['SCALELAB_KUBECONFIG names no file'];
const why = 'skipped' in found ? [found.skipped, ...missing] : missing;
if (why.length > 0) process.stdout.write(`skipped: playbooks against a cluster: ${why.join('; ')}\n`);

const minutes = (n: number) => n * 60_000;

(why.length > 0 ? describe.skip : describe)('against a cluster', () => {
  let signals: Signals;
  let before: Set<string>;
  let variables: Record<string, unknown>;

  const play = (
    playbook: string,
    extra: Record<string, unknown> = {},
    args: readonly string[] = [],
  ): Promise<Run> => {
    if ('skipped' in found) throw new Error(found.skipped);
    return runPlaybook(found, playbook, { ...variables, ...extra }, { args, timeoutMs: minutes(15) });
  };
  const succeeded = async (running: Promise<Run>): Promise<Run> => {
    const run = await running;
    if (run.status !== 0) throw new Error(run.reason === '' ? run.output.slice(-3000) : run.reason);
    return run;
  };
  /** A connection for each question: playbooks run for minutes, and nobody here looks after idle sockets meanwhile. */
  const ask = async <T>(question: (api: ClusterApi) => Promise<T>): Promise<T> => {
    const api = new ClusterApi(kubeconfig);
    try {
      return await question(api);
    } finally {
      api.close();
    }
  };
  const inventory = () => ask((api) => api.inventory());
  const maxReplicas = () =>
    ask(async ({ client }) => {
      const hpa = await client.get<KubeObject & { readonly spec: { readonly maxReplicas: number } }>(
        resources.HorizontalPodAutoscaler,
        'backend-namespace',
        'backend-api',
      );
      return hpa.spec.maxReplicas;
    });

  beforeAll(async () => {
    before = await inventory();
    signals = await Signals.start('sqs-worker-messages');
    const offline = tempDir();
    mkdirSync(join(offline, 'manifests'));
    const crds = foreignCrds().filter(
      ({ metadata }) => !before.has(`CustomResourceDefinition /${metadata.name}`),
    );
    writeFileSync(
      join(offline, 'manifests/crds.yaml'),
      crds.map((crd) => `---\n${JSON.stringify(crd)}\n`).join(''),
    );
    const namespaces = ['keda', 'monitoring'].filter((name) => !before.has(`Namespace /${name}`));
    writeFileSync(
      join(offline, 'manifests/namespaces.yaml'),
      namespaces
        .map(
          (name) => `---\n${JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })}\n`,
        )
        .join(''),
    );
    const { aws, httpScaler, kafka, prometheus } = signals.endpoints;
    variables = {
      cluster: 'existing',
      kubeconfig,
      offline_dir: offline,
      part_metrics_server: 'existing',
      part_prometheus: 'existing',
      part_keda: 'existing',
      part_http_add_on: 'existing',
      endpoint_prometheus: prometheus,
      values_http_demo_zero: { global: { endpoints: { httpScaler } }, tests: { enabled: false } },
      // Nobody here makes volumes.
      values_health_check: { volumes: { log: { type: 'emptyDir' } } },
      ...(real
        ? { part_aws: 'emulators', part_kafka: 'emulators' }
        : {
            part_aws: 'existing',
            part_kafka: 'existing',
            endpoint_aws: aws,
            endpoint_kafka: kafka,
            verify_answers: false,
          }),
    };
  }, minutes(1));

  afterAll(async () => {
    await signals?.stop();
  });

  it(
    'says what would be done, and does nothing',
    async () => {
      const run = await succeeded(play('site.yml', {}, ['--check']));
      expect(run.changed).toBeGreaterThan(8);
      expect(run.output).toContain('backend-api would be installed or upgraded');
      expect(await inventory()).toEqual(before);
    },
    minutes(15),
  );

  it(
    'installs every service, and finds each ready',
    async () => {
      await succeeded(play('site.yml'));
      const now = await inventory();
      for (const object of [
        'HorizontalPodAutoscaler backend-namespace/backend-api',
        'ScaledObject data-namespace/data-api',
        'ScaledObject http-demo/http-demo',
        'InterceptorRoute http-demo/http-demo-zero',
        'ScaledObject sqs-worker/sqs-worker',
        'PodDisruptionBudget sqs-worker/sqs-worker-api',
        'ScaledObject kafka-consumer/kafka-consumer',
        'NetworkPolicy kafka-consumer/kafka-consumer',
        'CronJob health-namespace/health-check',
        'ServiceMonitor backend-namespace/backend-api',
        'ServiceMonitor keda/keda-operator',
        'ConfigMap monitoring/scalelab-dashboard-scaling',
      ])
        expect(now).toContain(object);
      // Its text is full of what Ansible could take for templates of its own.
      const { data } = await ask(({ client }) =>
        client.get<KubeObject & { readonly data: Readonly<Record<string, string>> }>(
          resources.ConfigMap,
          'monitoring',
          'scalelab-dashboard-scaling',
        ),
      );
      const dashboard = readFileSync(join(__dirname, '../../observability/dashboards/scaling.json'), 'utf8');
      expect(JSON.parse(data['scaling.json'] ?? '')).toEqual(JSON.parse(dashboard));
    },
    minutes(15),
  );

  it(
    'changes nothing the second time',
    async () => {
      expect((await succeeded(play('site.yml', {}, ['--skip-tags', 'verify']))).changed).toBe(0);
    },
    minutes(15),
  );

  it(
    'upgrades a service alone, and only when something differs',
    async () => {
      const values_backend = { autoscaling: { maxReplicas: 4 } };
      const check = await succeeded(play('playbook_backend.yml', { values_backend }, ['--check', '--diff']));
      expect(check.output).toContain('HorizontalPodAutoscaler/backend-api');
      expect(await maxReplicas()).toBe(5);
      expect((await succeeded(play('playbook_backend.yml', { values_backend }))).changed).toBe(1);
      expect(await maxReplicas()).toBe(4);
      expect((await succeeded(play('playbook_backend.yml', { values_backend }))).changed).toBe(0);
    },
    minutes(15),
  );

  it.each<[string, Record<string, unknown>, string[]]>([
    [
      'a minimum above the maximum',
      { values_backend: { autoscaling: { minReplicas: 7 } } },
      [
        'autoscaling.minReplicas is 7, above autoscaling.maxReplicas 5',
        'raise the maximum or lower the minimum',
      ],
    ],
    ['an unknown key', { values_backend: { autoscalling: {} } }, ['autoscalling', 'values_backend']],
    ['a value of the wrong kind', { values_backend: { replicas: 'two' } }, ['replicas', 'integer']],
    [
      'a Secret that is not there',
      { values_backend: { secret: { mode: 'existing', existingName: 'keys' } } },
      ['there is no Secret keys in namespace backend-namespace', 'create it first'],
    ],
    [
      'a kind that the cluster does not know',
      { values_backend: { secret: { mode: 'external', external: { store: 's', remoteKey: 'k' } } } },
      ['the cluster has no external-secrets.io/v1/ExternalSecret', 'secret.mode=existing'],
    ],
    [
      'a chart that is not in offline_dir',
      { part_keda: 'install' },
      [
        'has no',
        'keda-2.19.0.tgz',
        'helm pull keda --repo https://kedacore.github.io/charts --version 2.19.0 -d',
      ],
    ],
  ])(
    'refuses %s before anything is applied',
    async (_, extra, said) => {
      const run = await play('site.yml', extra);
      expect(run).toMatchObject({ status: 2, changed: 0 });
      for (const text of said) expect(run.reason).toContain(text);
    },
    minutes(5),
  );

  it(
    'notices an autoscaler that is gone',
    async () => {
      await ask(({ client }) =>
        client.delete(resources.HorizontalPodAutoscaler, 'backend-namespace', 'backend-api'),
      );
      const run = await play('verify.yml', { services: 'backend', verify_retries: 1, verify_answers: false });
      expect(run.status).toBe(2);
      expect(run.reason).toContain('HorizontalPodAutoscaler backend-api in backend-namespace is not there');
    },
    minutes(5),
  );

  it(
    'leaves nothing behind',
    async () => {
      await succeeded(play('reset.yml'));
      expect(await inventory()).toEqual(before);
      expect((await succeeded(play('reset.yml'))).changed).toBe(0);
    },
    minutes(15),
  );
});
