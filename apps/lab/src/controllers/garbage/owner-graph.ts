import { resourceTypeOf, type KubeObject, type OwnerReference, type ResourceType } from '@scalelab/kube';

/** An object as the graph knows it. */
export interface GraphNode {
  readonly type: ResourceType;
  readonly uid: string;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly owners: readonly OwnerReference[];
  /** Waits until everything it blocks is gone. */
  readonly deletingDependents: boolean;
}

/** Who owns whom, by uid. */
export class OwnerGraph {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly dependents = new Map<string, Set<string>>();

  get(uid: string): GraphNode | undefined {
    return this.nodes.get(uid);
  }

  set(type: ResourceType, object: KubeObject): GraphNode {
    const {
      uid = '',
      namespace,
      name,
      ownerReferences = [],
      finalizers = [],
      deletionTimestamp,
    } = object.metadata;
    this.unlink(this.nodes.get(uid));
    const node: GraphNode = {
      type,
      uid,
      namespace,
      name,
      owners: ownerReferences,
      deletingDependents: deletionTimestamp !== undefined && finalizers.includes('foregroundDeletion'),
    };
    this.nodes.set(uid, node);
    for (const owner of ownerReferences) {
      const siblings = this.dependents.get(owner.uid);
      if (siblings === undefined) this.dependents.set(owner.uid, new Set([uid]));
      else siblings.add(uid);
    }
    return node;
  }

  delete(uid: string): GraphNode | undefined {
    const node = this.nodes.get(uid);
    this.unlink(node);
    this.nodes.delete(uid);
    return node;
  }

  dependentsOf(uid: string): GraphNode[] {
    return [...(this.dependents.get(uid) ?? [])].flatMap((dependent) => this.nodes.get(dependent) ?? []);
  }

  private unlink(node: GraphNode | undefined): void {
    for (const owner of node?.owners ?? []) {
      const siblings = this.dependents.get(owner.uid);
      siblings?.delete(node?.uid ?? '');
      if (siblings?.size === 0) this.dependents.delete(owner.uid);
    }
  }
}

/** The type an owner reference points to; undefined when this process does not know the kind. */
export function ownerType(
  reference: OwnerReference,
  types: readonly ResourceType[],
): ResourceType | undefined {
  const [group, version] = reference.apiVersion.includes('/')
    ? reference.apiVersion.split('/')
    : ['', reference.apiVersion];
  return (
    types.find((type) => type.group === group && type.version === version && type.kind === reference.kind) ??
    resourceTypeOf(reference)
  );
}
