import {
  groupResource,
  isAlreadyExists,
  isNotFound,
  resources,
  type Informer,
  type KubeClient,
  type ResourceType,
  type WorkQueue,
} from '@scalelab/kube';
import type { Namespace } from '@scalelab/manifests';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';

/** The namespaces that every cluster has. */
export const systemNamespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'] as const;

/** Makes the namespaces that are not there yet. */
export async function ensureNamespaces(client: KubeClient, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const labels = { 'kubernetes.io/metadata.name': name };
    try {
      await client.create(resources.Namespace, {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels },
      });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
  }
}

/** Empties a namespace that is being deleted, then lets it go; gives each living one its `default` service account. */
export class NamespaceController implements Controller {
  readonly name = 'namespace-controller';
  readonly queue: WorkQueue;
  private readonly namespaces: Informer<Namespace>;
  private readonly contents: readonly Informer[];

  /** @param types all resource types; those without a namespace are left alone */
  constructor(
    private readonly context: ControllerContext,
    types: readonly ResourceType[],
  ) {
    this.queue = controllerQueue(context, this.name);
    this.namespaces = context.informers.of<Namespace>(resources.Namespace);
    const enqueue = ({ metadata }: Namespace): void => this.queue.add(metadata.name);
    this.namespaces.on({ added: enqueue, updated: enqueue });
    this.contents = types.filter((type) => type.namespaced).map((type) => context.informers.of(type));
    for (const informer of this.contents) {
      informer.on({
        deleted: ({ metadata, kind }) => {
          const terminating = this.isTerminating(metadata.namespace);
          if (terminating || kind === 'ServiceAccount') this.queue.add(metadata.namespace ?? '');
        },
      });
    }
  }

  async reconcile(name: string): Promise<void> {
    const namespace = this.namespaces.get(undefined, name);
    if (namespace === undefined) return;
    if (namespace.metadata.deletionTimestamp === undefined) return this.ensureServiceAccount(name);
    const remaining = await this.deleteContents(name);
    if (remaining > 0 || (namespace.spec?.finalizers ?? []).length === 0) return;
    await this.context.client
      .patch(resources.Namespace, undefined, name, { spec: { finalizers: [] } })
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }

  private isTerminating(name: string | undefined): boolean {
    return this.namespaces.get(undefined, name ?? '')?.metadata.deletionTimestamp !== undefined;
  }

  private async deleteContents(namespace: string): Promise<number> {
    let remaining = 0;
    for (const { type } of this.contents) {
      const { items } = await this.context.client.list(type, { namespace });
      for (const { metadata } of items) {
        remaining++;
        if (metadata.deletionTimestamp !== undefined) continue;
        try {
          await this.context.client.delete(type, namespace, metadata.name, {
            propagationPolicy: 'Background',
          });
        } catch (error) {
          if (!isNotFound(error))
            throw new Error(`deleting ${groupResource(type)} ${metadata.name}`, { cause: error });
        }
      }
    }
    return remaining;
  }

  private async ensureServiceAccount(namespace: string): Promise<void> {
    if (this.context.informers.of(resources.ServiceAccount).get(namespace, 'default') !== undefined) return;
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace } };
    await this.context.client.create(resources.ServiceAccount, account).catch((error: unknown) => {
      if (!isAlreadyExists(error) && !isNotFound(error)) throw error;
    });
  }
}
