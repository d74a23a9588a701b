// The files of the pipelines, read from a root that tests may swap for a copy.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments, parseDocument } from 'yaml';

export const workflowFolder = '.github/workflows';
export const gitlabFile = '.gitlab-ci.yml';
export const jenkinsFile = 'Jenkinsfile';
export const eksFile = 'deploy/eks/cluster.yaml';
export const fluxFolder = 'deploy/flux';
export const renovateFile = 'renovate.json';

export function readText(root, path) {
  return readFileSync(join(root, path), 'utf8');
}

export function exists(root, path) {
  return existsSync(join(root, path));
}

/** One YAML document. @throws Error with the place of the first mistake */
export function readYaml(root, path) {
  const document = parseDocument(readText(root, path), { merge: true });
  const [error] = [...document.errors, ...document.warnings];
  if (error) throw new Error(`${path}: ${error.message}`);
  return document.toJS();
}

/** Renders of charts are large, and read by several checks. */
const parsed = new Map();

/** All documents of a file that are objects; not to be changed. */
export function readYamlObjects(text, path) {
  if (!parsed.has(text)) parsed.set(text, parseObjects(text, path));
  return parsed.get(text);
}

function parseObjects(text, path) {
  return parseAllDocuments(text).flatMap((document) => {
    const [error] = [...document.errors, ...document.warnings];
    if (error) throw new Error(`${path}: ${error.message}`);
    const object = document.toJS();
    return object === null ? [] : [object];
  });
}

/** Paths of the workflows, in order. */
export function workflows(root) {
  return readdirSync(join(root, workflowFolder))
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => `${workflowFolder}/${name}`);
}

/** Paths of all YAML files below a folder, in order. */
export function yamlFiles(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}
