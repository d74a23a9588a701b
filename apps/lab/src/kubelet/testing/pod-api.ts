import { resources, type DeleteOptions, type KubeObject, type ResourceType } from '@scalelab/kube';
import { FakeKubeClient } from '@scalelab/kube/testing';
import type { Pod } from '@scalelab/manifests';

/** The in-memory API with what a kubelet needs beyond it: pods are deleted with grace. */
export class PodApi extends FakeKubeClient {
  /** Pods seen by `statuses`, newest last. */
  async pod(name: string, namespace = 'default'): Promise<Pod | undefined> {
    try {
      return await this.get<Pod>(resources.Pod, namespace, name);
    } catch {
      return undefined;
    }
  }

  async events(): Promise<(KubeObject & { reason: string; message: string; count: number })[]> {
    const { items } = await this.list<KubeObject & { reason: string; message: string; count: number }>(
      resources.Event,
    );
    return [...items];
  }

  override async delete(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions = {},
  ): Promise<void> {
    if (type.kind !== 'Pod' || options.gracePeriodSeconds === 0)
      return super.delete(type, namespace, name, options);
    const pod = await this.get<Pod>(type, namespace, name);
    const seconds = options.gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
    const metadata = { deletionTimestamp: new Date().toISOString(), deletionGracePeriodSeconds: seconds };
    await this.patch(type, namespace, name, { metadata });
  }
}
