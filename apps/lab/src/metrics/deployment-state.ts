import type { Deployment } from '@scalelab/manifests';
import type { Exposition } from './exposition';

/** kube-state-metrics' series of Deployments, as far as dashboards and rules of scaling need them. */
export function deploymentState(page: Exposition, deployments: readonly Deployment[]): void {
  const gauge = (name: string, help: string) => page.family(`kube_deployment_${name}`, 'gauge', help);
  const columns = [
    [
      gauge('spec_replicas', 'Number of desired pods for a deployment.'),
      ({ spec }: Deployment) => spec.replicas ?? 1,
    ],
    [
      gauge('status_replicas', 'The number of replicas per deployment.'),
      ({ status }: Deployment) => status?.replicas ?? 0,
    ],
    [
      gauge('status_replicas_ready', 'The number of ready replicas per deployment.'),
      ({ status }: Deployment) => status?.readyReplicas ?? 0,
    ],
    [
      gauge('status_replicas_available', 'The number of available replicas per deployment.'),
      ({ status }: Deployment) => status?.availableReplicas ?? 0,
    ],
    [
      gauge('status_replicas_unavailable', 'The number of unavailable replicas per deployment.'),
      ({ status }: Deployment) => status?.unavailableReplicas ?? 0,
    ],
    [
      gauge('status_replicas_updated', 'The number of updated replicas per deployment.'),
      ({ status }: Deployment) => status?.updatedReplicas ?? 0,
    ],
  ] as const;
  for (const [sample, read] of columns)
    for (const deployment of deployments) {
      const { namespace, name } = deployment.metadata;
      sample({ namespace, deployment: name }, read(deployment));
    }
}
