import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isNotFound, resourceTypeOf, type KubeObject, type ResourceType } from '@scalelab/kube';
import { parseAllDocuments } from 'yaml';
import type { ClusterApi } from './cluster-api';
import type { Release } from './releases';
import type { Helm, Target } from './target';

const run = promisify(execFile);
const root = join(__dirname, '../..');

export interface HelmResult {
  readonly code: number;
  readonly output: string;
}

/** Puts a release into the target and takes it out again: with Helm, or where Helm cannot go, object by object what Helm renders. */
export interface Installer {
  install(release: Release): Promise<void>;
  uninstall(release: Release): Promise<void>;
}

/** Helm against a target's cluster, with values for it: its endpoints, and nothing of an operator that it does not have. */
export class HelmInstaller implements Installer {
  constructor(
    private readonly target: Target,
    readonly helm: Helm,
  ) {}

  get isHelm4(): boolean {
    return this.helm.version.startsWith('v4');
  }

  async install(release: Release): Promise<void> {
    const result = await this.try('install', release, ['--wait', '--timeout', '120s']);
    if (result.code !== 0) throw new Error(`helm install ${release.name}: ${result.output}`);
  }

  async upgrade(release: Release): Promise<void> {
    const result = await this.try('upgrade', release, [
      ...(this.isHelm4 ? ['--server-side=true'] : []),
      '--timeout',
      '120s',
    ]);
    if (result.code !== 0) throw new Error(`helm upgrade ${release.name}: ${result.output}`);
  }

  async uninstall({ name, namespace }: Release): Promise<void> {
    const result = await this.call([
      'uninstall',
      name,
      '--namespace',
      namespace,
      '--wait',
      '--timeout',
      '120s',
    ]);
    if (result.code !== 0) throw new Error(`helm uninstall ${name}: ${result.output}`);
  }

  /** `template`, `install` or `upgrade`; a refusal is a result. */
  async try(action: string, release: Release, options: readonly string[] = []): Promise<HelmResult> {
    const folder = mkdtempSync(join(tmpdir(), 'scalelab-e2e-values-'));
    try {
      const { chart, name, namespace, profiles, values } = release;
      const files = [valuesOf(this.target), values].map((object, at) => {
        const file = join(folder, `${at}.json`);
        writeFileSync(file, JSON.stringify(object));
        return file;
      });
      const all = [
        'charts/shared-values.yaml',
        ...profiles.map((profile) => `charts/${chart}/profiles/${profile}.yaml`),
        ...files,
      ];
      return await this.call([
        ...[action, name, `charts/${chart}`, '--namespace', namespace],
        ...all.flatMap((file) => ['--values', file]),
        ...options,
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Any command against the target's cluster, without the user's own configuration of Helm. */
  async call(args: readonly string[]): Promise<HelmResult> {
    const { context, kubeconfig } = this.target;
    const connection = ['--kubeconfig', kubeconfig, ...(context === null ? [] : ['--kube-context', context])];
    const home = join(root, '.cache/helm/home');
    try {
      const { stdout } = await run(this.helm.path, [...args, ...(args[0] === 'template' ? [] : connection)], {
        cwd: root,
        maxBuffer: 64 << 20,
        env: {
          PATH: process.env.PATH,
          HOME: home,
          HELM_CACHE_HOME: home,
          HELM_CONFIG_HOME: home,
          HELM_DATA_HOME: home,
        },
      });
      return { code: 0, output: stdout };
    } catch (error) {
      const { code, stderr, stdout } = error as { code: number; stdout: string; stderr: string };
      const said = stderr
        .split('\n')
        .filter((line) => line !== '' && !line.includes('symbolic link in path'));
      return { code, output: [stdout, ...said].join('\n').trim() };
    }
  }

  /** Objects that an installation makes, and the pods of `helm test`. */
  async render(release: Release): Promise<{ readonly objects: KubeObject[]; readonly tests: KubeObject[] }> {
    const { code, output } = await this.try('template', release, ['--kube-version', '1.34.0']);
    if (code !== 0) throw new Error(`helm template ${release.name}: ${output}`);
    const all = parseAllDocuments(output)
      .map((document) => document.toJS() as KubeObject | null)
      .filter((object) => object !== null);
    const isTest = ({ metadata }: KubeObject): boolean => metadata.annotations?.['helm.sh/hook'] === 'test';
    return { objects: all.filter((object) => !isTest(object)), tests: all.filter(isTest) };
  }
}

/** For an API that Helm cannot use, since it serves no OpenAPI: creates and deletes what Helm renders. */
export class RenderInstaller implements Installer {
  constructor(
    private readonly api: ClusterApi,
    private readonly helm: HelmInstaller,
  ) {}

  async install(release: Release): Promise<void> {
    const { objects } = await this.helm.render(release);
    for (const object of objects) await this.api.client.create(typeOf(object), object);
  }

  async uninstall(release: Release): Promise<void> {
    const { objects } = await this.helm.render(release);
    for (const object of objects.toReversed()) {
      const { name, namespace } = object.metadata;
      try {
        await this.api.client.delete(typeOf(object), namespace, name, { propagationPolicy: 'Background' });
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }
}

export function typeOf(object: KubeObject): ResourceType {
  const type = resourceTypeOf(object);
  if (!type) throw new Error(`${object.apiVersion} ${object.kind} is not in the catalogue of @scalelab/kube`);
  return type;
}

function valuesOf({ endpoints, served }: Target): object {
  return {
    global: {
      ...(endpoints === null ? {} : { endpoints }),
      monitoring: { enabled: served.includes('monitoring.coreos.com/v1/ServiceMonitor') },
    },
  };
}
