/** What a request path is about. */
export type RequestTarget =
  | { readonly kind: 'health'; readonly name: 'healthz' | 'livez' | 'readyz' }
  | { readonly kind: 'version' }
  | { readonly kind: 'coreVersions' }
  | { readonly kind: 'groups' }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'resources'; readonly group: string; readonly version: string }
  | ResourceTarget;

export interface ResourceTarget {
  readonly kind: 'resource';
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  /** Absent: the whole collection. */
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Subresources of a Namespace; any other word there is a resource type inside it. */
const namespaceSubresources = new Set(['status', 'finalize']);

/** Reads `/apis/apps/v1/namespaces/default/deployments/web/scale` and its like; undefined for a path that is none of ours. */
export function parsePath(pathname: string): RequestTarget | undefined {
  const parts = decode(pathname);
  const [root, ...rest] = parts ?? [];
  switch (root) {
    case 'healthz':
    case 'livez':
    case 'readyz':
      return { kind: 'health', name: root };
    case 'version':
      return rest.length === 0 ? { kind: 'version' } : undefined;
    case 'api': {
      const [version, ...path] = rest;
      return version === undefined ? { kind: 'coreVersions' } : inGroup('', version, path);
    }
    case 'apis': {
      const [group, version, ...path] = rest;
      if (group === undefined) return { kind: 'groups' };
      return version === undefined ? { kind: 'group', group } : inGroup(group, version, path);
    }
    default:
      return undefined;
  }
}

function decode(pathname: string): string[] | undefined {
  try {
    return pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function inGroup(group: string, version: string, path: readonly string[]): RequestTarget | undefined {
  const [first, second, third] = path;
  if (first === undefined) return { kind: 'resources', group, version };
  const scoped = first === 'namespaces' && third !== undefined && !namespaceSubresources.has(third);
  const [plural = '', name, subresource, ...tooMuch] = scoped ? path.slice(2) : path;
  if (tooMuch.length > 0) return undefined;
  return {
    kind: 'resource',
    group,
    version,
    plural,
    namespace: scoped ? second : undefined,
    name,
    subresource,
  };
}
