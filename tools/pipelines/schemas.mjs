// Schemas that are kept here: kinds of Flux, and eksctl's.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'schemas');
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const flux = new Map(Object.entries(read('flux.json')).map(([kind, schema]) => [kind, ajv.compile(schema)]));
export const eksctl = ajv.compile(read('eksctl.json'));

/** Kinds of others, which have no schema here. */
const foreign = [
  'v1/Namespace',
  'storage.k8s.io/v1/StorageClass',
  'external-secrets.io/v1/ClusterSecretStore',
];

export function told(errors) {
  return (errors ?? []).map(({ instancePath, message, params }) => {
    const extra = params.additionalProperty ?? params.allowedValues?.join(', ') ?? params.allowedValue ?? '';
    return `${instancePath || '/'} ${message}${extra === '' ? '' : `: ${extra}`}`;
  });
}

/** @returns {string[]} */
export function schemaProblems(object) {
  const key = `${object.apiVersion}/${object.kind}`;
  if (foreign.includes(key)) return [];
  const validate = flux.get(key);
  if (!validate)
    return [
      `${key} is no kind of Flux 2.9: ${[...flux.keys()].filter((known) => known.endsWith(`/${object.kind}`)).join() || 'none is called that'}`,
    ];
  return validate(object) ? [] : told(validate.errors);
}
