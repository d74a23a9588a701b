import type { KubeObject } from '@scalelab/kube';

/**
 * Objects that give the lab's queries the in-cluster name of kube-prometheus-stack's Prometheus: a Service without a selector and the
 * EndpointSlice that a person would write for a server outside the cluster.
 */
export function publication(port: number): KubeObject[] {
  const namespace = 'monitoring';
  const name = 'kind-prometheus-kube-prome-prometheus';
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name,
        namespace,
        labels: { app: 'kube-prometheus-stack-prometheus', release: 'kind-prometheus' },
      },
      spec: {
        type: 'ClusterIP',
        ports: [{ name: 'http-web', port: 9090, targetPort: 9090, protocol: 'TCP' }],
      },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-lab`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      ports: [{ name: 'http-web', port, protocol: 'TCP' }],
      endpoints: [{ addresses: ['127.0.0.1'], conditions: { ready: true } }],
    },
  ];
}
