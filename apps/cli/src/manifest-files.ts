import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatManifestError, loadManifests, type LoadedManifest } from '@scalelab/manifests';
import { badQuantity } from '@scalelab/simulation';
import { badInput } from './command-error';
import { readText, reasonOf } from './input-file';

export interface ManifestFile {
  readonly file: string;
  readonly text: string;
  readonly objects: readonly LoadedManifest[];
}

/** The files themselves; of a folder all *.yaml, *.yml and *.json below it. @throws CommandError */
export function manifestPaths(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    if (path === '-') return [path];
    let isFolder: boolean;
    try {
      isFolder = statSync(path).isDirectory();
    } catch (error) {
      throw badInput(`${path}: cannot be read: ${reasonOf(error)}`, error);
    }
    if (!isFolder) return [path];
    const found = readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ya?ml|json)$/.test(name))
      .sort()
      .map((name) => join(path, name));
    if (found.length === 0) throw badInput(`${path}: holds no *.yaml, *.yml or *.json`);
    return found;
  });
}

/** Kinds that only a cluster's own schemas know. */
const foreignKind = 'UnknownKind';

/**
 * Reads manifests. Objects of kinds that are not known here are passed over, since rendered charts hold all sorts.
 * @throws CommandError with file and line of the first error
 */
export function readManifests(paths: readonly string[]): readonly ManifestFile[] {
  const files = manifestPaths(paths).map((file) => {
    const text = readText(file);
    const { objects, errors } = loadManifests(text, file === '-' ? 'standard input' : file);
    const [first] = errors.filter(({ code }) => code !== foreignKind);
    if (first) throw badInput(formatManifestError(first));
    const [foreign] = errors;
    if (objects.length === 0 && foreign) throw badInput(formatManifestError(foreign));
    return { file, text, objects };
  });
  const quantity = badQuantity(files);
  if (quantity) throw badInput(`${quantity.file}:${quantity.line}: ${quantity.message}`);
  return files;
}
