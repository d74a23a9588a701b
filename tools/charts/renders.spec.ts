import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, parseAllDocuments, parseDocument } from 'yaml';
import { strictErrors } from './strict-errors';

const root = join(__dirname, '../..');
const charts = readdirSync(join(root, 'charts'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'common')
  .map(({ name }) => name);
const files = charts.flatMap((chart) =>
  readdirSync(join(root, 'charts', chart, 'rendered')).map((file) => `charts/${chart}/rendered/${file}`),
);

interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly restartPolicy?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly runAsUser?: number };
  readonly containers: readonly Container[];
  readonly volumes?: readonly Record<string, unknown>[];
}

interface Container {
  readonly name: string;
  readonly ports?: readonly { readonly name: string; readonly hostPort?: number }[];
  readonly resources?: { readonly requests?: object; readonly limits?: { readonly memory?: string } };
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly privileged?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly runAsNonRoot?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
    readonly seccompProfile?: { readonly type?: string };
  };
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: {
    readonly replicas?: number;
    readonly minAvailable?: number;
    readonly minReplicas?: number;
    readonly minReplicaCount?: number;
    readonly scaleTargetRef?: { readonly name: string };
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
    readonly jobTargetRef?: { readonly template: PodTemplate };
  };
}

interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function manifests(path: string): Manifest[] {
  return parseAllDocuments(read(path))
    .map((document) => document.toJS() as Manifest | null)
    .filter((object) => object !== null);
}

function podOf(object: Manifest): PodTemplate | undefined {
  if (object.kind === 'CronJob') return object.spec.jobTemplate?.spec.template;
  return object.kind === 'ScaledJob' ? object.spec.jobTargetRef?.template : object.spec?.template;
}

describe.each(files)('%s', (path) => {
  const text = read(path);
  const objects = manifests(path);

  it('is valid, unknown fields included', () => {
    expect(strictErrors(text, path)).toEqual([]);
    expect(objects.length).toBeGreaterThan(1);
  });

  it('has pods that Pod Security "restricted" admits, with probes, requests and limits', () => {
    const pods = objects.map(podOf).filter((pod) => pod !== undefined);
    expect(pods.length).toBeGreaterThan(0);
    for (const { spec } of pods) {
      expect(spec).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } });
      expect(spec.securityContext?.runAsUser).toBeGreaterThan(0);
      for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) expect(spec).not.toHaveProperty(key);
      for (const volume of spec.volumes ?? [])
        expect(Object.keys(volume).filter((key) => key !== 'name').join()).toMatch(
          /^(emptyDir|persistentVolumeClaim|configMap)$/,
        );
      for (const container of spec.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        });
        for (const port of container.ports ?? []) expect(port).not.toHaveProperty('hostPort');
        expect(container.resources?.requests).toMatchObject({
          cpu: expect.any(String),
          memory: expect.any(String),
        });
        expect(container.resources?.limits?.memory).toEqual(expect.any(String));
        if (spec.restartPolicy === 'Never') continue;
        const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
        expect(new Set(probes.map((probe) => probe?.httpGet.path)).size).toBe(3);
        for (const probe of probes)
          expect(container.ports?.map(({ name }) => name)).toContain(probe?.httpGet.port);
      }
    }
  });

  it('leaves replicas to autoscalers, and PodDisruptionBudgets that let drains happen', () => {
    const scalers = objects.filter(({ kind }) => /^(HorizontalPodAutoscaler|ScaledObject)$/.test(kind));
    const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget');
    for (const workload of objects.filter(({ kind }) => kind === 'Deployment')) {
      const { name } = workload.metadata;
      const mine = scalers.filter(({ spec }) => spec.scaleTargetRef?.name === name);
      expect(mine.length).toBeLessThanOrEqual(1);
      expect('replicas' in workload.spec).toBe(mine.length === 0);
      const minimum =
        mine[0]?.spec.minReplicaCount ?? mine[0]?.spec.minReplicas ?? workload.spec.replicas ?? Number.NaN;
      const budget = budgets.find(({ metadata }) => metadata.name === name);
      expect(budget?.spec.minAvailable).toBe(minimum < 2 ? undefined : Math.max(1, minimum - 1));
      if (budget)
        expect(workload.spec.template?.metadata.labels).toMatchObject(budget.spec.selector?.matchLabels ?? {});
    }
  });

  it('has each object once, and selectors that fit the pods of one workload only', () => {
    const keys = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const service of objects.filter(({ kind }) => kind === 'Service')) {
      const selector = Object.entries(service.spec.selector as Record<string, string>);
      const matching = objects
        .map(podOf)
        .filter((pod) => selector.every(([key, value]) => pod?.metadata.labels[key] === value));
      expect(matching).toHaveLength(1);
    }
  });
});

describe('the sources', () => {
  const sources = ['charts/shared-values.yaml', 'charts/common/values.yaml'].concat(
    charts.flatMap((chart) => [
      `charts/${chart}/values.yaml`,
      ...readdirSync(join(root, 'charts', chart, 'profiles')).map((file) => `charts/${chart}/profiles/${file}`),
    ]),
  );

  it.each(sources)('%s has each key once', (path) => {
    const document = parseDocument(read(path), { uniqueKeys: true });
    expect(document.errors).toEqual([]);
    expect(document.contents === null || isMap(document.contents)).toBe(true);
  });

  it.each(sources.filter((path) => path.includes('/profiles/')))('%s says what it is and what it shortens', (path) => {
    const head = read(path).split('\n\n')[0]?.match(/^(#.*\n)+/)?.[0] ?? '';
    expect(head.length).toBeGreaterThan(40);
    if (!path.endsWith('/zero.yaml')) expect(head).toMatch(/[Ss]hortened/);
  });

  it('shared values are the defaults of every chart', () => {
    const defaults = parseDocument(read('charts/common/values.yaml')).getIn(['exports', 'global']);
    expect(isMap(defaults) && defaults.toJSON()).toEqual(parseDocument(read('charts/shared-values.yaml')).toJSON());
  });
});
