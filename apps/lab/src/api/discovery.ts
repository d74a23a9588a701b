import type { ServedKind } from '../store';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const readVerbs = ['get', 'list'];
const subresourceVerbs = ['get', 'patch', 'update'];

/** Served beside the store, from a source of its own. */
export interface VirtualResource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const groupVersion = (group: string, version: string): string =>
  group === '' ? version : `${group}/${version}`;

/** `/api`. */
export function coreVersions(address: string): object {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
  };
}

function groupObject(group: string, versions: readonly string[]): object {
  const entries = versions.map((version) => ({ groupVersion: groupVersion(group, version), version }));
  return { name: group, versions: entries, preferredVersion: entries[0] };
}

function versionsByGroup(
  kinds: readonly ServedKind[],
  virtual: readonly VirtualResource[],
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, version } of [...kinds.map(({ type }) => type), ...virtual]) {
    const versions = groups.get(group) ?? [];
    if (!versions.includes(version)) versions.push(version);
    if (group !== '') groups.set(group, versions);
  }
  return groups;
}

/** `/apis`. */
export function apiGroups(kinds: readonly ServedKind[], virtual: readonly VirtualResource[]): object {
  const groups = [...versionsByGroup(kinds, virtual)].map(([group, versions]) =>
    groupObject(group, versions),
  );
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

/** `/apis/GROUP`; undefined for a group that is not served. */
export function apiGroup(
  group: string,
  kinds: readonly ServedKind[],
  virtual: readonly VirtualResource[],
): object | undefined {
  const versions = versionsByGroup(kinds, virtual).get(group);
  return versions === undefined
    ? undefined
    : { kind: 'APIGroup', apiVersion: 'v1', ...groupObject(group, versions) };
}

function entriesOf(kind: ServedKind): object[] {
  const { plural, namespaced, kind: name } = kind.type;
  const entries: object[] = [
    {
      name: plural,
      singularName: kind.singular,
      namespaced,
      kind: name,
      verbs,
      ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
      ...(kind.categories.length === 0 ? {} : { categories: kind.categories }),
    },
  ];
  const sub = (subresource: string, subKind: string, more: object = {}): object => ({
    name: `${plural}/${subresource}`,
    singularName: '',
    namespaced,
    kind: subKind,
    verbs: subresourceVerbs,
    ...more,
  });
  if (kind.hasStatus) entries.push(sub('status', name));
  if (kind.scale !== undefined) entries.push(sub('scale', 'Scale', { group: 'autoscaling', version: 'v1' }));
  if (kind.gracefulDeletion) entries.push(sub('log', name, { verbs: ['get'] }));
  return entries;
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined for one that is not served. */
export function apiResources(
  group: string,
  version: string,
  kinds: readonly ServedKind[],
  virtual: readonly VirtualResource[],
): object | undefined {
  const served = kinds.filter(({ type }) => type.group === group && type.version === version);
  const beside = virtual.filter((resource) => resource.group === group && resource.version === version);
  if (served.length + beside.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: groupVersion(group, version),
    resources: [
      ...served.flatMap(entriesOf),
      ...beside.map(({ plural, kind, namespaced }) => ({
        name: plural,
        singularName: '',
        namespaced,
        kind,
        verbs: readVerbs,
      })),
    ],
  };
}
