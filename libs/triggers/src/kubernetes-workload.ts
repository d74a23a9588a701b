import { resources, type KubeClient, type KubeObject } from '@scalelab/kube';
import type { Pod } from '@scalelab/manifests';
import { nothingToClose, type TriggerSource } from './trigger-source';

/** kubernetes-workload: labels and phases of the namespace's pods. */
export function kubernetesWorkloadSource(kube: KubeClient): TriggerSource {
  return {
    async observe({ namespace }) {
      const { items } = await kube.list<Pod & KubeObject>(resources.Pod, { namespace });
      return {
        kind: 'pods',
        pods: items.map((pod) => ({
          labels: pod.metadata.labels ?? {},
          phase: pod.status?.phase ?? 'Pending',
        })),
      };
    },
    close: nothingToClose,
  };
}
