import {
  isNotFound,
  type DeleteOptions,
  type KubeObject,
  type OwnerReference,
  type ResourceType,
  type WorkQueue,
} from '@scalelab/kube';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';
import { OwnerGraph, ownerType, type GraphNode } from './owner-graph';

/** Deletes what nobody owns any more, and carries foreground and orphan deletion out. Keys of its queue are uids. */
export class GarbageCollector implements Controller {
  readonly name = 'garbage-collector';
  readonly queue: WorkQueue;
  private readonly graph = new OwnerGraph();

  /** @param types all resource types whose objects may own or be owned */
  constructor(
    private readonly context: ControllerContext,
    private readonly types: readonly ResourceType[],
  ) {
    this.queue = controllerQueue(context, this.name, 4);
    for (const type of types) {
      context.informers.of(type).on({
        added: (object) => this.seen(type, object),
        updated: (object) => this.seen(type, object),
        deleted: (object) => this.gone(object),
      });
    }
  }

  async reconcile(uid: string): Promise<void> {
    const node = this.graph.get(uid);
    if (node === undefined) return;
    const object = await this.live(node.type, node.namespace, node.name);
    if (object?.metadata.uid !== uid) return;
    const finalizers =
      object.metadata.deletionTimestamp === undefined ? [] : (object.metadata.finalizers ?? []);
    if (finalizers.includes('orphan')) await this.orphanDependents(node, object);
    else if (finalizers.includes('foregroundDeletion')) await this.deleteDependents(node, object);
    else await this.deleteIfUnowned(node, object);
  }

  private seen(type: ResourceType, object: KubeObject): void {
    const node = this.graph.set(type, object);
    const finalizers = object.metadata.finalizers ?? [];
    const finalizing = finalizers.includes('orphan') || finalizers.includes('foregroundDeletion');
    const dangling = node.owners.some((owner) => {
      const known = this.graph.get(owner.uid);
      return known === undefined || known.deletingDependents;
    });
    if (dangling || (finalizing && object.metadata.deletionTimestamp !== undefined)) this.queue.add(node.uid);
  }

  private gone(object: KubeObject): void {
    const uid = object.metadata.uid ?? '';
    const node = this.graph.delete(uid);
    for (const dependent of this.graph.dependentsOf(uid)) this.queue.add(dependent.uid);
    for (const owner of node?.owners ?? []) {
      if (this.graph.get(owner.uid)?.deletingDependents) this.queue.add(owner.uid);
    }
  }

  private async orphanDependents(node: GraphNode, object: KubeObject): Promise<void> {
    for (const dependent of this.graph.dependentsOf(node.uid)) {
      await this.setOwners(
        dependent,
        dependent.owners.filter((owner) => owner.uid !== node.uid),
      );
    }
    await this.removeFinalizer(node, object, 'orphan');
  }

  private async deleteDependents(node: GraphNode, object: KubeObject): Promise<void> {
    const dependents = this.graph.dependentsOf(node.uid);
    for (const dependent of dependents) this.queue.add(dependent.uid);
    const blocking = dependents.some((dependent) =>
      dependent.owners.some((owner) => owner.uid === node.uid && owner.blockOwnerDeletion === true),
    );
    if (!blocking) await this.removeFinalizer(node, object, 'foregroundDeletion');
  }

  private async deleteIfUnowned(node: GraphNode, object: KubeObject): Promise<void> {
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0 || object.metadata.deletionTimestamp !== undefined) return;
    const solid: OwnerReference[] = [];
    let waiting = false;
    for (const owner of owners) {
      const state = await this.ownerState(owner, node.namespace);
      if (state === 'present') solid.push(owner);
      else if (state === 'waiting') waiting = true;
    }
    if (solid.length > 0) {
      if (solid.length < owners.length) await this.setOwners(node, solid);
      return;
    }
    const hasDependents = this.graph.dependentsOf(node.uid).length > 0;
    await this.delete(node, object, waiting && hasDependents ? 'Foreground' : 'Background');
  }

  /** The graph may lag behind: only the API's own word counts before something is deleted. */
  private async ownerState(
    owner: OwnerReference,
    namespace: string | undefined,
  ): Promise<'present' | 'waiting' | 'absent'> {
    const type = ownerType(owner, this.types);
    // An owner of a kind that is not served here cannot be looked up, so it cannot be called absent.
    if (type === undefined) return 'present';
    const object = await this.live(type, type.namespaced ? namespace : undefined, owner.name);
    if (object?.metadata.uid !== owner.uid) return 'absent';
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    return deletionTimestamp !== undefined && finalizers.includes('foregroundDeletion')
      ? 'waiting'
      : 'present';
  }

  private async live(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): Promise<KubeObject | undefined> {
    try {
      return await this.context.client.get(type, namespace, name);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  private async setOwners(node: GraphNode, ownerReferences: readonly OwnerReference[]): Promise<void> {
    const patch = { metadata: { uid: node.uid, ownerReferences } };
    await this.context.client.patch(node.type, node.namespace, node.name, patch).catch(ignoreNotFound);
  }

  private async removeFinalizer(node: GraphNode, object: KubeObject, finalizer: string): Promise<void> {
    const { resourceVersion, finalizers = [] } = object.metadata;
    const left = finalizers.filter((name) => name !== finalizer);
    // With the version, so that a finalizer added meanwhile is not lost.
    const patch = { metadata: { resourceVersion, finalizers: left } };
    await this.context.client.patch(node.type, node.namespace, node.name, patch).catch(ignoreNotFound);
  }

  private async delete(
    node: GraphNode,
    object: KubeObject,
    propagationPolicy: NonNullable<DeleteOptions['propagationPolicy']>,
  ): Promise<void> {
    const { uid = '', resourceVersion = '' } = object.metadata;
    const preconditions = { uid, resourceVersion };
    await this.context.client
      .delete(node.type, node.namespace, node.name, { propagationPolicy, preconditions })
      .catch(ignoreNotFound);
  }
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
