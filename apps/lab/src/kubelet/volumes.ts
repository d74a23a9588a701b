import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Container, Pod, Volume } from '@scalelab/manifests';
import { ContainerConfigError, MountError } from './config-error';
import { fieldValue, resourceValue, type PodPlace } from './downward';
import { expand } from './expansion';
import { sortMounts, type Mount } from './mounts';
import type { KeyedData, PodSources } from './pod-sources';

export interface VolumesInput {
  readonly pod: Pod;
  readonly place: PodPlace;
  readonly sources: PodSources;
  /** The pod's own folder; its volumes go to `<podDir>/volumes`. */
  readonly podDir: string;
  /** Folder of all claims; they outlive pods. */
  readonly claimsDir: string;
  /** Token for `serviceAccountToken` sources; absent: such a source is an empty file. */
  readonly serviceAccountToken?: string | undefined;
}

interface KeyToPath {
  readonly key: string;
  readonly path: string;
  readonly mode?: number;
}

/**
 * Makes a folder for each of the pod's volumes and fills it. Calling it again refreshes the content.
 * @returns folder by volume name
 * @throws MountError when an object or key is missing, or the lab has no such kind of volume
 */
export async function mountVolumes(input: VolumesInput): Promise<Map<string, string>> {
  const folders = new Map<string, string>();
  for (const volume of input.pod.spec.volumes ?? []) {
    try {
      folders.set(volume.name, await mountVolume(volume, input));
    } catch (error) {
      if (!(error instanceof MountError)) throw error;
      throw new MountError(`MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`);
    }
  }
  return folders;
}

async function mountVolume(volume: Volume, input: VolumesInput): Promise<string> {
  const namespace = input.pod.metadata.namespace ?? 'default';
  const claim = volume.persistentVolumeClaim;
  if (claim) {
    if (!(await input.sources.hasClaim(namespace, claim.claimName))) {
      throw new MountError(`persistentvolumeclaim "${claim.claimName}" not found`);
    }
    return makeFolder(join(input.claimsDir, namespace, claim.claimName));
  }
  const folder = makeFolder(join(input.podDir, 'volumes', volume.name));
  const { configMap, downwardAPI, emptyDir, projected, secret } = volume;
  if (emptyDir) return folder;
  const writer = new VolumeWriter(folder, input);
  if (configMap) await writer.configMap(configMap, configMap.defaultMode);
  else if (secret) await writer.secret({ ...secret, name: secret.secretName ?? '' }, secret.defaultMode);
  else if (downwardAPI) writer.downward(downwardAPI.items ?? [], downwardAPI.defaultMode);
  else if (projected) {
    for (const source of projected.sources ?? []) {
      const mode = projected.defaultMode;
      if (source.configMap) await writer.configMap(source.configMap, mode);
      if (source.secret) await writer.secret(source.secret, mode);
      if (source.downwardAPI) writer.downward(source.downwardAPI.items ?? [], mode);
      if (source.serviceAccountToken) writer.token(source.serviceAccountToken.path);
    }
  } else {
    const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'none';
    throw new MountError(
      `volumes of kind ${kind} are not available here; allowed: configMap, secret, emptyDir, persistentVolumeClaim, downwardAPI, projected`,
    );
  }
  return folder;
}

class VolumeWriter {
  constructor(
    private readonly folder: string,
    private readonly input: VolumesInput,
  ) {}

  private get namespace(): string {
    return this.input.pod.metadata.namespace ?? 'default';
  }

  async configMap(ref: KeyedSource, mode: number | undefined): Promise<void> {
    this.keys('configmap', ref, await this.input.sources.configMap(this.namespace, ref.name ?? ''), mode);
  }

  async secret(ref: KeyedSource, mode: number | undefined): Promise<void> {
    this.keys('secret', ref, await this.input.sources.secret(this.namespace, ref.name ?? ''), mode);
  }

  private keys(kind: string, ref: KeyedSource, data: KeyedData | undefined, mode = 0o644): void {
    if (!data) {
      if (ref.optional) return;
      throw new MountError(`${kind} "${ref.name ?? ''}" not found`);
    }
    const items = ref.items ?? [...data.keys()].map((key): KeyToPath => ({ key, path: key }));
    for (const item of items) {
      const value = data.get(item.key);
      if (value) this.write(item.path, value, item.mode ?? mode);
      else if (!ref.optional) throw new MountError(`${kind} references non-existent config key: ${item.key}`);
    }
  }

  downward(items: readonly DownwardItem[], mode = 0o644): void {
    const { pod, place } = this.input;
    for (const { path, fieldRef, resourceFieldRef, mode: own } of items) {
      const container = pod.spec.containers.find(({ name }) => name === resourceFieldRef?.containerName);
      if (fieldRef) this.write(path, fieldValue(fieldRef.fieldPath, pod, place), own ?? mode);
      else if (resourceFieldRef && container) {
        const { resource, divisor } = resourceFieldRef;
        this.write(path, resourceValue(resource, divisor, container, place), own ?? mode);
      }
    }
  }

  token(path: string): void {
    this.write(path, this.input.serviceAccountToken ?? '', 0o600);
  }

  private write(path: string, content: Buffer | string, mode: number): void {
    const inside = normalize(path);
    if (inside.startsWith('..') || inside.startsWith('/')) {
      throw new MountError(`invalid path "${path}": must be relative and stay inside the volume`);
    }
    const file = join(this.folder, inside);
    makeFolder(dirname(file));
    // A read-only file of an earlier round cannot be opened for writing.
    rmSync(file, { force: true });
    writeFileSync(file, content, { mode });
    chmodSync(file, mode);
  }
}

interface KeyedSource {
  readonly name?: string;
  readonly optional?: boolean;
  readonly items?: readonly KeyToPath[];
}

interface DownwardItem {
  readonly path: string;
  readonly mode?: number;
  readonly fieldRef?: { readonly fieldPath: string };
  readonly resourceFieldRef?: {
    readonly containerName?: string;
    readonly resource: string;
    readonly divisor?: string | number;
  };
}

/**
 * What a container's `volumeMounts` stand for.
 * @throws ContainerConfigError when a mount names a volume that the pod does not have
 */
export function containerMounts(
  container: Container,
  volumes: ReadonlyMap<string, string>,
  variable: (name: string) => string | undefined,
): Mount[] {
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, subPath, subPathExpr }): Mount => {
    const folder = volumes.get(name);
    if (folder === undefined)
      throw new ContainerConfigError(
        `container ${container.name} mounts "${name}", which is no volume of the pod`,
      );
    const inside = subPathExpr === undefined ? (subPath ?? '') : expand(subPathExpr, variable);
    const realPath = join(folder, normalize(`/${inside}`)).replace(/\/$/, '');
    if (inside !== '' && !existsSync(realPath)) makeFolder(realPath);
    return { mountPath: mountPath === '/' ? '/' : mountPath.replace(/\/+$/, ''), realPath };
  });
  return sortMounts(mounts);
}

function makeFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}
