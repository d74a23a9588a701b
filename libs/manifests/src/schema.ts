import httpAddOn from './schemas/http-add-on.json';
import keda from './schemas/keda.json';
import kubernetes from './schemas/kubernetes.json';
import prometheusOperator from './schemas/prometheus-operator.json';

/** The subset of OpenAPI v3 that Kubernetes and CRD schemas use, as update-schemas.mjs keeps it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  /** The key by which items of this list are one and the same in strategic merge and apply. */
  readonly 'x-kubernetes-patch-merge-key'?: string;
  /** `merge`, `retainKeys`, `replace` or a comma-separated mix. */
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** A kind that this library knows; structurally a resource type of any Kubernetes client. */
export interface ResourceKind {
  /** The core group is `''`. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** `status` and `scale`, where the API serves them. */
  readonly subresources: readonly string[];
  /** Its key in the definitions. */
  readonly definition: string;
}

interface SchemaFile {
  readonly version: string;
  readonly kinds: readonly ResourceKind[];
  readonly definitions: Readonly<Record<string, Schema>>;
}

const files: readonly SchemaFile[] = [kubernetes, keda, httpAddOn, prometheusOperator];

const definitions: ReadonlyMap<string, Schema> = new Map(files.flatMap((f) => Object.entries(f.definitions)));

/** Versions of the sources that the schemas were taken from. */
export const schemaVersions = {
  kubernetes: kubernetes.version,
  keda: keda.version,
  httpAddOn: httpAddOn.version,
  prometheusOperator: prometheusOperator.version,
} as const;

/** Trigger types that KEDA of this version knows, sorted. */
export const knownTriggers: readonly string[] = keda.triggers;

/** Every kind that manifests may have here. */
export const kinds: readonly ResourceKind[] = files.flatMap((f) => f.kinds);

const byIdentity = new Map(kinds.map((k) => [`${apiVersionOf(k)}/${k.kind}`, k]));

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(kind: Pick<ResourceKind, 'group' | 'version'>): string {
  return kind.group ? `${kind.group}/${kind.version}` : kind.version;
}

/** @returns undefined for a kind that is not known */
export function kindOf(apiVersion: string, kind: string): ResourceKind | undefined {
  return byIdentity.get(`${apiVersion}/${kind}`);
}

export function definition(name: string): Schema | undefined {
  return definitions.get(name);
}

/** Follows `$ref`; keywords beside the reference (merge keys) stay. */
export function resolve(schema: Schema): Schema {
  if (!schema.$ref) return schema;
  const target = definitions.get(schema.$ref);
  if (!target) throw new Error(`schema has no definition ${schema.$ref}`);
  return { ...resolve(target), ...schema };
}

/** The schema of a whole object of this kind. */
export function schemaOf(kind: Pick<ResourceKind, 'definition'>): Schema {
  const schema = definitions.get(kind.definition);
  if (!schema) throw new Error(`schema has no definition ${kind.definition}`);
  return schema;
}
