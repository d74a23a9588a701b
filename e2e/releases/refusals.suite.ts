import { HelmInstaller } from './installer';
import { deleteNamespace, makeNamespace } from './namespaces';
import { releases, type Release } from './releases';
import { apiOf, skipped, target as readTarget, type Helm } from './target';
import { resources } from '@scalelab/kube';

const target = readTarget();
const api = apiOf(target);
const [newest] = target.helms as [Helm];
const helm = new HelmInstaller(target, newest);

function withValues(name: string, values: object): Release {
  const release = releases.find((one) => one.name === name);
  if (!release) throw new Error(`no release ${name}`);
  return { ...release, values };
}

interface Refusal {
  readonly what: string;
  readonly release: Release;
  /** What the message must say: the key, and the cure. */
  readonly says: readonly string[];
  /** Why it cannot be shown here. */
  readonly unless?: string | false;
}

const monitored = target.served.includes('monitoring.coreos.com/v1/ServiceMonitor');
const refusals: readonly Refusal[] = [
  {
    what: 'a Secret that is not there',
    release: withValues('backend-api', {
      secret: { mode: 'existing', existingName: 'absent' },
    }),
    says: [
      'secret.existingName',
      'there is no Secret absent in namespace backend-namespace',
      'create it first',
    ],
  },
  {
    what: 'a Secret without a key',
    release: withValues('backend-api', { secret: { mode: 'existing', existingName: 'present' } }),
    says: ['secret.existingName: Secret present', 'has no key EXTERNAL_INTEGRATION_KEY_STAGING: add it'],
  },
  {
    what: 'an operator that is not there',
    release: withValues('http-demo', { global: { monitoring: { enabled: true } } }),
    says: ['the cluster has no monitoring.coreos.com/v1/ServiceMonitor', 'global.monitoring.enabled=false'],
    unless: monitored && 'the cluster has the CRDs of the Prometheus operator',
  },
  {
    what: 'External Secrets without their operator',
    release: withValues('backend-api', {
      secret: { mode: 'external', external: { store: 'vault', remoteKey: 'backend' } },
    }),
    says: ['secret.mode: the cluster has no external-secrets.io/v1/ExternalSecret', 'secret.mode=existing'],
    unless:
      target.served.includes('external-secrets.io/v1/ExternalSecret') && 'the cluster has External Secrets',
  },
  {
    what: 'autoscaling that contradicts itself',
    release: withValues('kafka-consumer', { autoscaling: { maxReplicas: 7 } }),
    says: ['autoscaling.maxReplicas is 7, above the 6 partitions', 'allowIdleConsumers=true'],
  },
  {
    what: 'a value of the wrong type',
    release: withValues('http-demo', { autoscaling: { maxReplicas: 'many' } }),
    says: ['autoscaling', 'maxReplicas'],
  },
  {
    what: 'a key that does not exist',
    release: withValues('http-demo', { autoscaling: { maxReplica: 3 } }),
    says: ['autoscaling', 'maxReplica'],
  },
];

if (target.kind === 'lab')
  skipped('refusals before anything is applied', 'Helm does not install into the lab');

(target.kind === 'lab' ? describe.skip : describe)('helm install refuses, with the key and the cure', () => {
  const namespaces = new Set(refusals.map(({ release }) => release.namespace));
  let before: ReadonlySet<string>;

  beforeAll(async () => {
    for (const namespace of namespaces) await makeNamespace(api, namespace);
    await api.client.create(resources.Secret, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'present', namespace: 'backend-namespace' },
      stringData: { EXTERNAL_INTEGRATION_KEY_DEVELOPMENT: 'x', EXTERNAL_INTEGRATION_KEY_PRODUCTION: 'x' },
    });
    before = await api.inventory();
  });

  afterAll(async () => {
    for (const namespace of namespaces) await deleteNamespace(api, namespace);
  });

  for (const { release, says, unless, what } of refusals) {
    if (unless) skipped(what, unless);
    (unless ? it.skip : it)(`${what}${unless ? ` (${unless})` : ''}`, async () => {
      const { code, output } = await helm.try('install', release);
      expect(code).toBe(1);
      for (const part of says) expect(output).toContain(part);
      expect([...(await api.inventory())].filter((key) => !before.has(key))).toEqual([]);
    });
  }
});

describe('a cluster that cannot be asked', () => {
  it('is named when it does not answer', async () => {
    const nobody = new HelmInstaller({ ...target, kubeconfig: '/nowhere/kubeconfig', context: null }, newest);
    const { code, output } = await nobody.try('install', withValues('http-demo', {}));
    expect(code).toBe(1);
    expect(output).toMatch(/cluster unreachable/i);
  });

  it('is named when the context is wrong, with nothing applied', async () => {
    const elsewhere = new HelmInstaller({ ...target, context: 'production' }, newest);
    const { code, output } = await elsewhere.try('install', withValues('http-demo', {}));
    expect(code).toBe(1);
    expect(output).toContain('context "production" does not exist');
  });
});

afterAll(() => api.close());
