import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { formatManifestError, loadManifests, type LoadedManifest } from '@scalelab/manifests';

/** Manifests that cannot be used: one line a fault, each with file, line and what is allowed. */
export class ManifestsError extends Error {
  override readonly name = 'ManifestsError';
}

export interface ManifestSourceOptions {
  /** The profile's folder: one file a service; null: no profile. */
  readonly folder: string | null;
  /** Workloads wanted, by file name without extension or by the name of a Deployment in it; empty: all. */
  readonly only: readonly string[];
  /** More files or folders; never filtered. */
  readonly more: readonly string[];
}

// What every workload needs: emulators, and the way in for HTTP from zero.
const always = new Set(['emulators', 'interceptor']);

/** Reads and validates the manifests of a lab. @throws ManifestsError with every fault of every file */
export function readManifests({ folder, only, more }: ManifestSourceOptions): LoadedManifest[] {
  const faults: string[] = [];
  const read = (path: string) => {
    const { objects, errors } = loadManifests(readText(path), relative(process.cwd(), path) || path);
    faults.push(...errors.map(formatManifestError));
    return objects;
  };
  const chosen = (folder === null ? [] : yamlFiles(folder))
    .map((path) => ({ name: basename(path).replace(/\.ya?ml$/, ''), objects: read(path) }))
    .filter(
      ({ name, objects }) =>
        only.length === 0 || always.has(name) || only.includes(name) || objects.some(isDeploymentOf(only)),
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
