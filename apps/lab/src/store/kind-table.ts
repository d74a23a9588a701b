import { apiErrors, apiVersionOf, groupResource, type KubeObject, type ResourceType } from '@scalelab/kube';
import type { ServedKind } from './served-kind';

/** The kinds a store serves, found by path, by object, and listed for discovery. Kinds may be added while it runs. */
export class KindTable {
  private readonly byResource = new Map<string, ServedKind>();
  private readonly byKind = new Map<string, ServedKind>();

  constructor(kinds: readonly ServedKind[]) {
    for (const kind of kinds) this.add(kind);
  }

  add(kind: ServedKind): void {
    this.byResource.set(`${apiVersionOf(kind.type)}/${kind.type.plural}`, kind);
    this.byKind.set(`${apiVersionOf(kind.type)}/${kind.type.kind}`, kind);
  }

  remove(type: ResourceType): void {
    this.byResource.delete(`${apiVersionOf(type)}/${type.plural}`);
    this.byKind.delete(`${apiVersionOf(type)}/${type.kind}`);
  }

  all(): ServedKind[] {
    return [...this.byResource.values()];
  }

  /** By the words of a request path. */
  find(group: string, version: string, plural: string): ServedKind | undefined {
    return this.byResource.get(`${group === '' ? version : `${group}/${version}`}/${plural}`);
  }

  findKind(object: Pick<KubeObject, 'apiVersion' | 'kind'>): ServedKind | undefined {
    return this.byKind.get(`${object.apiVersion}/${object.kind}`);
  }

  /** @throws KubeApiError 404 for a type that is not served */
  served(type: ResourceType): ServedKind {
    const kind = this.find(type.group, type.version, type.plural);
    if (kind === undefined) throw apiErrors.notFound(type, groupResource(type));
    return kind;
  }
}
