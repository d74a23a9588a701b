import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { formatManifestError, loadManifests, type LoadedManifest } from '@scalelab/manifests';
import type { ProfileFile } from './profile-files';

/** Manifests that cannot be used: one line a fault, each with file, line and what is allowed. */
export class ManifestsError extends Error {
  override readonly name = 'ManifestsError';
}

export interface ManifestSourceOptions {
  /** What a lab runs by itself; empty: nothing. */
  readonly profile: readonly ProfileFile[];
  /** Workloads wanted of the profile, by the name of a file or of a Deployment in it; empty: all. */
  readonly only: readonly string[];
  /** More files or folders; never filtered. */
  readonly more: readonly string[];
}

/** Reads and validates the manifests of a lab. @throws ManifestsError with every fault of every file */
export function readManifests({ profile, only, more }: ManifestSourceOptions): LoadedManifest[] {
  const faults: string[] = [];
  const read = (path: string) => {
    const { objects, errors } = loadManifests(readText(path), relative(process.cwd(), path) || path);
    faults.push(...errors.map(formatManifestError));
    return objects;
  };
  const chosen = profile
    .map(({ path, ...file }) => ({ ...file, objects: read(path) }))
    .filter(
      ({ always, name, objects }) =>
        only.length === 0 || always || only.includes(name) || objects.some(isDeploymentOf(only)),
    );
  const own = chosen.flatMap(({ objects }) => objects);
  const others = more.flatMap(yamlFiles).flatMap(read);
  if (faults.length > 0) throw new ManifestsError(faults.join('\n'));
  return [...own, ...others];
}

function isDeploymentOf(names: readonly string[]) {
  return ({ object }: LoadedManifest) => object.kind === 'Deployment' && names.includes(object.metadata.name);
}

function yamlFiles(path: string): string[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (cause) {
    throw new ManifestsError(
      `${path}: cannot be read: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`,
      { cause },
    );
  }
  if (!isFolder) return [path];
  return readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ManifestsError(
      `${path}: cannot be read: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`,
      { cause },
    );
  }
}
