import {
  isJsonObject,
  sameJson,
  valueAt,
  apiErrors,
  type FieldCause,
  type KubeObject,
  type ObjectMeta,
  type ResourceType,
} from '@scalelab/kube';
import type { ServedKind } from './served-kind';

const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const badPathSegment = /[/%]|^\.{1,2}$/;

/**
 * Does this look like an object of the type, with a usable name?
 * @throws KubeApiError BadRequest or Invalid
 */
export function checkShape(type: ResourceType, object: unknown): asserts object is KubeObject {
  if (!isJsonObject(object))
    throw apiErrors.badRequest(`the body is not an object but ${kindOfValue(object)}`);
  const { apiVersion, kind, metadata } = object;
  const wanted = type.group === '' ? type.version : `${type.group}/${type.version}`;
  if (apiVersion !== wanted || kind !== type.kind) {
    throw apiErrors.badRequest(
      `the object is of apiVersion "${String(apiVersion)}" and kind "${String(kind)}"; this resource takes "${wanted}" "${type.kind}"`,
    );
  }
  if (!isJsonObject(metadata)) throw apiErrors.badRequest('metadata: expected an object');
  for (const member of ['labels', 'annotations'] as const) {
    const map = metadata[member];
    if (map === undefined || map === null) continue;
    const wrong = isJsonObject(map)
      ? Object.entries(map).find(([, value]) => typeof value !== 'string')
      : undefined;
    if (!isJsonObject(map) || wrong !== undefined) {
      const where = wrong === undefined ? `metadata.${member}` : `metadata.${member}.${wrong[0]}`;
      throw apiErrors.badRequest(
        `${where}: expected a string, got ${kindOfValue(wrong === undefined ? map : wrong[1])}`,
      );
    }
  }
}

const kindOfValue = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'an array'
      : typeof value === 'object'
        ? 'an object'
        : `a ${typeof value}`;

/** @throws KubeApiError Invalid */
export function checkName(type: ResourceType, name: string): void {
  // Names of roles may carry colons; those of all else become part of DNS names or files.
  const bad =
    type.group === 'rbac.authorization.k8s.io' ? badPathSegment.test(name) : !dnsSubdomain.test(name);
  if (name === '' || bad || name.length > 253) {
    const message =
      name === ''
        ? 'Required value: name or generateName is required'
        : `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`;
    const reason = name === '' ? 'FieldValueRequired' : 'FieldValueInvalid';
    throw apiErrors.invalid(type, name, [{ reason, field: 'metadata.name', message }]);
  }
}

/** @throws KubeApiError Conflict when the writer knows an older version, or another object of that name */
export function checkVersion(type: ResourceType, old: KubeObject, meta: Partial<ObjectMeta>): void {
  const { resourceVersion, uid } = meta;
  if (
    resourceVersion !== undefined &&
    resourceVersion !== '' &&
    resourceVersion !== old.metadata.resourceVersion
  ) {
    throw apiErrors.conflict(type, old.metadata.name);
  }
  if (uid !== undefined && uid !== '' && uid !== old.metadata.uid) {
    throw apiErrors.conflict(
      type,
      old.metadata.name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`,
    );
  }
}

/** @throws KubeApiError Invalid when a member that must stay has changed */
export function checkImmutable(kind: ServedKind, old: KubeObject, wanted: KubeObject): void {
  const causes: FieldCause[] = kind.immutable
    .filter(
      (path) => valueAt(old, path) !== undefined && !sameJson(valueAt(old, path), valueAt(wanted, path)),
    )
    .map((path) => ({
      reason: 'FieldValueInvalid',
      field: path.join('.'),
      message: `Invalid value: ${JSON.stringify(valueAt(wanted, path))}: field is immutable`,
    }));
  if (causes.length > 0) throw apiErrors.invalid(kind.type, old.metadata.name, causes);
}

/** Metadata of an update: what the server owns is kept, whatever the writer sent. */
export function keptMetadata(
  old: ObjectMeta,
  wanted: Partial<ObjectMeta>,
  generation: number | undefined,
): ObjectMeta {
  const { managedFields: _managed, ...writable } = wanted;
  return {
    ...writable,
    name: old.name,
    ...member('namespace', old.namespace),
    ...member('uid', old.uid),
    ...member('creationTimestamp', old.creationTimestamp),
    ...member('generateName', old.generateName),
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    ...member('deletionTimestamp', old.deletionTimestamp),
    ...member('deletionGracePeriodSeconds', old.deletionGracePeriodSeconds),
    ...member('generation', generation),
    ...member('resourceVersion', old.resourceVersion),
  } as ObjectMeta;
}

function member<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, V>>);
}

/** Did anything change but metadata and status? */
export function specChanged(old: KubeObject, wanted: KubeObject): boolean {
  const specOf = ({ metadata: _metadata, status: _status, ...rest }: KubeObject) => rest;
  return !sameJson(specOf(old), specOf(wanted));
}

/** @throws KubeApiError when the namespace is absent or going away */
export function checkNamespace(
  type: ResourceType,
  namespace: KubeObject | undefined,
  name: string,
  object: string,
): void {
  if (namespace === undefined) {
    throw apiErrors.notFound({ ...type, group: '', plural: 'namespaces', kind: 'Namespace' }, name);
  }
  if (namespace.metadata.deletionTimestamp !== undefined) {
    throw apiErrors.forbidden(
      type,
      object,
      `unable to create new content in namespace ${name} because it is being terminated`,
    );
  }
}
