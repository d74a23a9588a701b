import Ajv from 'ajv';
import { formatManifestError, loadManifests } from '@scalelab/manifests';
import { parse } from 'yaml';

const text = { type: 'string', minLength: 1 };
const strict = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** Kinds of operators that the lab does not play: the fields that the charts use, as their CRDs have them. */
const foreign: Readonly<Record<string, object>> = {
  'external-secrets.io/v1/ExternalSecret': strict(
    {
      refreshInterval: text,
      secretStoreRef: strict({ kind: { enum: ['ClusterSecretStore', 'SecretStore'] }, name: text }, ['name']),
      target: strict({ name: text, creationPolicy: { enum: ['Owner', 'Orphan', 'Merge', 'None'] } }, []),
      data: {
        type: 'array',
        minItems: 1,
        items: strict({ secretKey: text, remoteRef: strict({ key: text, property: text }, ['key']) }, [
          'secretKey',
          'remoteRef',
        ]),
      },
      dataFrom: {
        type: 'array',
        minItems: 1,
        items: strict({ extract: strict({ key: text }, ['key']) }, ['extract']),
      },
    },
    ['secretStoreRef'],
  ),
  'bitnami.com/v1alpha1/SealedSecret': strict(
    {
      encryptedData: { type: 'object', additionalProperties: text, minProperties: 1 },
      template: strict({ metadata: strict({ name: text, namespace: text }, ['name', 'namespace']) }, []),
    },
    ['encryptedData'],
  ),
};

/** What is wrong with the manifests in a text: unknown fields, wrong types, kinds that nobody knows. */
export function strictErrors(manifests: string, file: string): readonly string[] {
  const errors: string[] = [];
  const known: string[] = [];
  for (const document of manifests.split(/^---$/m)) {
    const kind = Object.keys(foreign).find((name) => {
      const [group, version, kind] = name.split('/');
      return document.includes(`apiVersion: ${group}/${version}\nkind: ${kind}\n`);
    });
    const schema = kind === undefined ? undefined : foreign[kind];
    if (!schema) {
      known.push(document);
      continue;
    }
    const ajv = new Ajv({ allErrors: true });
    const { spec } = parse(document) as { readonly spec?: unknown };
    if (!ajv.validate(schema, spec)) errors.push(`${file}: ${kind}: ${ajv.errorsText()}`);
  }
  const { errors: others } = loadManifests(known.join('---'), file);
  return [...errors, ...others.map(formatManifestError)];
}
