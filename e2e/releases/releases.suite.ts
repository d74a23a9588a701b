import { resources, type KubeObject, type ResourceType } from '@scalelab/kube';
import { waitFor } from '@scalelab/testing';
import { HelmInstaller, RenderInstaller, type Installer } from './installer';
import { deleteNamespace, makeNamespace } from './namespaces';
import {
  condition,
  targetOf,
  type Conditioned,
  type Deployment,
  type EndpointSlice,
  type HorizontalPodAutoscaler,
  type Policy,
} from './objects';
import { emulators, releases, type Release, type Scaler, type Workload } from './releases';
import { apiOf, skipped, target as readTarget, type Helm } from './target';

const target = readTarget();
const api = apiOf(target);
const { client } = api;
const helm = new HelmInstaller(target, target.helms[0] as Helm);
const installer: Installer = target.kind === 'lab' ? new RenderInstaller(api, helm) : helm;
const where = target.kind === 'lab' ? 'the lab' : 'the cluster';
const within = (timeoutMs: number, what: string) => ({ timeoutMs, intervalMs: 250, what });

const chosen = releases.filter(({ name }) => target.only.length === 0 || target.only.includes(name));
const isServed = ({ group, kind, version }: ResourceType): boolean =>
  target.served.includes(`${group}/${version}/${kind}`);

/** A test of something that the target serves; otherwise says that it is left out. */
function served(type: ResourceType, name: string, body: () => Promise<void>): void {
  if (isServed(type)) return void it(name, body);
  skipped(name, `${where} serves no ${type.kind}`);
  it.skip(`${name} (${where} serves no ${type.kind})`, body);
}

let baseline: ReadonlySet<string>;

beforeAll(async () => {
  baseline = await api.inventory();
  await makeNamespace(api, emulators.namespace);
  await installer.install(emulators);
  await ready(emulators.namespace, 'emulators', 1);
});

afterAll(() => api.close());

describe.each(chosen)('$name', (release) => {
  const missing = release.needs.filter((kind) => !target.served.includes(kind));
  if (missing.length > 0) {
    if (target.kind === 'lab') throw new Error(`the lab serves no ${missing.join(', ')}`);
    for (const kind of missing) refusesWithout(release, kind);
    return;
  }
  let before: ReadonlySet<string>;

  const guarded = target.kind === 'lab' ? '' : ', in a namespace that enforces Pod Security "restricted"';
  it(`is installed${guarded}`, async () => {
    await makeNamespace(api, release.namespace);
    before = await api.inventory();
    await installer.install(release);
  });

  for (const workload of release.workloads) assertWorkload(release, workload);

  it('is uninstalled, and nothing of it is left', async () => {
    await installer.uninstall(release);
    let left: string[] = [];
    await waitFor(
      async () => {
        left = [...(await api.inventory())].filter((key) => !before.has(key));
        return left.length === 0;
      },
      within(90_000, 'nothing to be left'),
    ).catch(() => undefined);
    expect(left).toEqual([]);
  });
});

describe('afterwards', () => {
  it('the target is as it was before', async () => {
    await installer.uninstall(emulators);
    for (const namespace of new Set([emulators, ...chosen].map((release) => release.namespace)))
      await deleteNamespace(api, namespace);
    let left: string[] = [];
    await waitFor(
      async () => {
        left = [...(await api.inventory())].filter((key) => !baseline.has(key));
        return left.length === 0;
      },
      within(90_000, 'the target to be as before'),
    ).catch(() => undefined);
    expect(left).toEqual([]);
  });
});

function assertWorkload(
  release: Release,
  { budget, kind, monitored, name, scaler, service }: Workload,
): void {
  const { namespace } = release;
  const minimum = scaler?.minimum ?? 1;

  if (kind === 'CronJob') {
    if (target.kind === 'lab')
      skipped(`the claim of ${name}`, 'the lab binds no claims, its pods get a folder each claim');
    it(`CronJob ${name} starts Jobs${target.kind === 'lab' ? '' : ', with its claim bound'}`, async () => {
      const job = await client.get<KubeObject & { spec: { schedule: string } }>(
        resources.CronJob,
        namespace,
        name,
      );
      expect(job.spec.schedule).toBe('* * * * *');
      if (target.kind === 'cluster') await claimBound(namespace, `${name}-log`);
      await waitFor(
        async () => (await client.list(resources.Job, { namespace })).items.length,
        within(75_000, 'a Job'),
      );
    });
  } else if (kind === 'ScaledJob') {
    served(resources.ScaledJob, `ScaledJob ${name} is Ready`, () =>
      isReady(resources.ScaledJob, namespace, name),
    );
  } else {
    it(`Deployment ${name} has its minimum of ${minimum} ready, from the chart's own image`, async () => {
      const deployment = await ready(namespace, name, minimum);
      const { containers } = deployment.spec.template.spec;
      expect(containers.map((container) => container.name)).toEqual([name]);
      expect(containers[0]?.image).toMatch(new RegExp(`^ghcr\\.io/scalelab/${release.chart}:`));
      expect(deployment.spec.template.metadata.labels).toMatchObject({ app: name });
    });
  }

  if (service)
    it(`Service ${service.name} has the pods of ${name}, and no others, behind port ${service.port}`, async () => {
      const found = await client.get<KubeObject & { spec: { ports: readonly { port: number }[] } }>(
        resources.Service,
        namespace,
        service.name,
      );
      expect(found.spec.ports.map(({ port }) => port)).toContain(service.port);
      await waitFor(
        async () => {
          const slices = await client.list<EndpointSlice>(resources.EndpointSlice, {
            namespace,
            labelSelector: `kubernetes.io/service-name=${service.name}`,
          });
          const addresses = slices.items.flatMap(({ endpoints }) => endpoints ?? []);
          const up = addresses.filter(({ conditions }) => conditions?.ready !== false).length;
          const { status } = await client.get<Deployment>(resources.Deployment, namespace, name);
          return up === (status?.readyReplicas ?? 0);
        },
        within(30_000, 'as many endpoints as ready pods'),
      );
    });

  if (scaler) assertScaler(namespace, name, scaler);

  if (budget === undefined) {
    it(`${name} has no PodDisruptionBudget, which would block drains`, async () => {
      const { items } = await client.list<Policy>(resources.PodDisruptionBudget, { namespace });
      expect(items.filter(({ spec }) => spec.selector?.matchLabels.app === name)).toEqual([]);
    });
  } else {
    served(
      resources.PodDisruptionBudget,
      `PodDisruptionBudget ${name} keeps ${budget} and lets drains happen`,
      async () => {
        const found = await waitFor(
          async () => {
            const now = await client.get<Conditioned & Policy>(
              resources.PodDisruptionBudget,
              namespace,
              name,
            );
            return (now.status?.disruptionsAllowed ?? 0) > 0 ? now : undefined;
          },
          within(30_000, 'a disruption to be allowed'),
        );
        expect(found.spec).toMatchObject({ minAvailable: budget, selector: { matchLabels: { app: name } } });
      },
    );
  }

  served(resources.NetworkPolicy, `NetworkPolicy ${name} selects its pods, both ways`, async () => {
    const { spec } = await client.get<Policy>(resources.NetworkPolicy, namespace, name);
    expect(spec.podSelector?.matchLabels).toMatchObject({ app: name });
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
  });

  if (monitored)
    served(
      resources.ServiceMonitor,
      `${name} is monitored: ServiceMonitor, rules and the right to scrape`,
      async () => {
        const monitor = await client.get(resources.ServiceMonitor, namespace, name);
        expect(monitor.metadata.labels).toMatchObject({ release: 'kind-prometheus' });
        expect(monitor.spec).toMatchObject({ selector: { matchLabels: { app: name } } });
        await client.get(resources.PrometheusRule, namespace, name);
        const binding = await client.get(resources.RoleBinding, namespace, `${name}-scrape`);
        expect(binding.subjects).toEqual([
          expect.objectContaining({ kind: 'ServiceAccount', namespace: 'monitoring' }),
        ]);
        await client.get(resources.Role, namespace, `${name}-scrape`);
      },
    );
}

function assertScaler(namespace: string, name: string, { by, maximum, metrics, minimum }: Scaler): void {
  if (by === 'keda')
    served(resources.ScaledObject, `ScaledObject ${name} is Ready, ${minimum} to ${maximum}`, async () => {
      await isReady(resources.ScaledObject, namespace, name);
      const { spec } = await client.get(resources.ScaledObject, namespace, name);
      expect(spec).toMatchObject({ minReplicaCount: minimum, maxReplicaCount: maximum });
    });

  it(`HorizontalPodAutoscaler of ${name} has the metrics of the table, ${Math.max(1, minimum)} to ${maximum}`, async () => {
    const hpa = by === 'keda' ? `keda-hpa-${name}` : name;
    const { spec } = await waitFor(
      () => client.get<HorizontalPodAutoscaler>(resources.HorizontalPodAutoscaler, namespace, hpa),
      within(30_000, `HPA ${hpa}`),
    );
    expect(spec).toMatchObject({ minReplicas: Math.max(1, minimum), maxReplicas: maximum });
    expect(spec.scaleTargetRef).toMatchObject({ kind: 'Deployment', name });
    const found = spec.metrics.map(targetOf).sort(([a], [b]) => a.localeCompare(b));
    expect(found).toEqual(
      metrics.map(([metric, value]) => [expect.stringMatching(new RegExp(`^${metric}`)), value]),
    );
  });
}

/** Waits for KEDA to say that an object of its kinds is Ready. */
async function isReady(type: ResourceType, namespace: string, name: string): Promise<void> {
  let last = '';
  await waitFor(
    async () => {
      last = condition(await client.get<Conditioned>(type, namespace, name), 'Ready');
      return last === 'Ready=True';
    },
    within(60_000, `${type.kind} ${name}`),
  ).catch(() => undefined);
  expect(last).toBe('Ready=True');
}

/** Waits for a claim to have the chart's own volume. */
async function claimBound(namespace: string, name: string): Promise<void> {
  const claim = await waitFor(
    async () => {
      const found = await client.get<Conditioned>(resources.PersistentVolumeClaim, namespace, name);
      return found.status?.phase === 'Bound' ? found : undefined;
    },
    within(30_000, 'the claim to be bound'),
  );
  expect(claim.spec).toMatchObject({ volumeName: `${namespace}-${name}` });
}

/** Waits until a Deployment has its replicas ready: at least the minimum, none where that is zero. */
function ready(namespace: string, name: string, minimum: number): Promise<Deployment> {
  return waitFor(
    async () => {
      const found = await client.get<Deployment>(resources.Deployment, namespace, name);
      const { readyReplicas = 0 } = found.status ?? {};
      const enough = minimum === 0 ? found.spec.replicas === 0 : readyReplicas >= minimum;
      return enough && readyReplicas === found.spec.replicas ? found : undefined;
    },
    within(120_000, `${minimum} ready replicas of ${name}`),
  );
}

/** A kind that is missing is the chart's own refusal, before anything is there. */
function refusesWithout(release: Release, kind: string): void {
  skipped(`everything about ${release.name}`, `${where} serves no ${kind}`);
  it(`is refused before anything is applied, since ${where} serves no ${kind}`, async () => {
    await makeNamespace(api, release.namespace);
    const before = await api.inventory();
    const { code, output } = await helm.try('install', release);
    expect(code).toBe(1);
    expect(output).toContain(`the cluster has no ${kind}`);
    expect([...(await api.inventory())].filter((key) => !before.has(key))).toEqual([]);
  });
}
