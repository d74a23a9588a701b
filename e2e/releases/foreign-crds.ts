import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isNotFound, resources, type KubeObject } from '@scalelab/kube';
import type { ResourceKind } from '@scalelab/manifests';
import { waitFor } from '@scalelab/testing';
import type { ClusterApi } from './cluster-api';

interface Pinned {
  readonly kinds: readonly ResourceKind[];
  readonly definitions: Readonly<Record<string, { readonly properties: Readonly<Record<string, unknown>> }>>;
}

const schemas = join(__dirname, '../../libs/manifests/src/schemas');
const wanted = new Set(['InterceptorRoute', 'ServiceMonitor', 'PrometheusRule']);

/** CRDs of the HTTP add-on and the Prometheus operator, from the schemas that are pinned in libs/manifests. */
export function foreignCrds(): readonly KubeObject[] {
  return ['http-add-on', 'prometheus-operator'].flatMap((file) => {
    const pinned = JSON.parse(readFileSync(join(schemas, `${file}.json`), 'utf8')) as Pinned;
    return pinned.kinds.filter(({ kind }) => wanted.has(kind)).map((kind) => crd(kind, pinned));
  });
}

function crd(
  { definition, group, kind, plural, shortNames, singular, version }: ResourceKind,
  pinned: Pinned,
): KubeObject {
  const schema = pinned.definitions[definition];
  if (!schema) throw new Error(`no schema ${definition}`);
  const openAPIV3Schema = { ...schema, properties: { ...schema.properties, metadata: { type: 'object' } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular, shortNames, listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema },
        },
      ],
    },
  };
}

/** Creates those that are missing. @returns their names, for {@link removeCrds} */
export async function addMissingCrds(api: ClusterApi): Promise<readonly string[]> {
  const added: string[] = [];
  for (const object of foreignCrds()) {
    const { name } = object.metadata;
    try {
      await api.client.get(resources.CustomResourceDefinition, undefined, name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await api.client.create(resources.CustomResourceDefinition, object);
      added.push(name);
    }
  }
  for (const name of added) {
    const plural = name.slice(0, name.indexOf('.'));
    await waitFor(
      async () => {
        const type = (await api.kinds()).find((kind) => kind.plural === plural);
        // Known is not yet served: the first lists are refused.
        return type && (await api.client.list(type));
      },
      { timeoutMs: 30_000, intervalMs: 200, what: `${name} to be served` },
    );
  }
  return added;
}

export async function removeCrds(api: ClusterApi, names: readonly string[]): Promise<void> {
  for (const name of names) await api.client.delete(resources.CustomResourceDefinition, undefined, name);
}
