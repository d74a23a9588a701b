import type { KubeObject, ResourceType } from './port';

const namespaced = (group: string, version: string, plural: string, kind: string): ResourceType =>
  Object.freeze({ group, version, plural, kind, namespaced: true });
const clusterWide = (group: string, version: string, plural: string, kind: string): ResourceType =>
  Object.freeze({ group, version, plural, kind, namespaced: false });

/** Every resource type that scalelab reads or writes, by kind. */
export const resources = Object.freeze({
  Namespace: clusterWide('', 'v1', 'namespaces', 'Namespace'),
  Node: clusterWide('', 'v1', 'nodes', 'Node'),
  PersistentVolume: clusterWide('', 'v1', 'persistentvolumes', 'PersistentVolume'),
  Pod: namespaced('', 'v1', 'pods', 'Pod'),
  Service: namespaced('', 'v1', 'services', 'Service'),
  Endpoints: namespaced('', 'v1', 'endpoints', 'Endpoints'),
  ConfigMap: namespaced('', 'v1', 'configmaps', 'ConfigMap'),
  Secret: namespaced('', 'v1', 'secrets', 'Secret'),
  ServiceAccount: namespaced('', 'v1', 'serviceaccounts', 'ServiceAccount'),
  Event: namespaced('', 'v1', 'events', 'Event'),
  PersistentVolumeClaim: namespaced('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim'),
  ResourceQuota: namespaced('', 'v1', 'resourcequotas', 'ResourceQuota'),
  LimitRange: namespaced('', 'v1', 'limitranges', 'LimitRange'),
  Deployment: namespaced('apps', 'v1', 'deployments', 'Deployment'),
  ReplicaSet: namespaced('apps', 'v1', 'replicasets', 'ReplicaSet'),
  StatefulSet: namespaced('apps', 'v1', 'statefulsets', 'StatefulSet'),
  DaemonSet: namespaced('apps', 'v1', 'daemonsets', 'DaemonSet'),
  ControllerRevision: namespaced('apps', 'v1', 'controllerrevisions', 'ControllerRevision'),
  Job: namespaced('batch', 'v1', 'jobs', 'Job'),
  CronJob: namespaced('batch', 'v1', 'cronjobs', 'CronJob'),
  HorizontalPodAutoscaler: namespaced(
    'autoscaling',
    'v2',
    'horizontalpodautoscalers',
    'HorizontalPodAutoscaler',
  ),
  EndpointSlice: namespaced('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice'),
  PodDisruptionBudget: namespaced('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  NetworkPolicy: namespaced('networking.k8s.io', 'v1', 'networkpolicies', 'NetworkPolicy'),
  Ingress: namespaced('networking.k8s.io', 'v1', 'ingresses', 'Ingress'),
  Role: namespaced('rbac.authorization.k8s.io', 'v1', 'roles', 'Role'),
  RoleBinding: namespaced('rbac.authorization.k8s.io', 'v1', 'rolebindings', 'RoleBinding'),
  ClusterRole: clusterWide('rbac.authorization.k8s.io', 'v1', 'clusterroles', 'ClusterRole'),
  ClusterRoleBinding: clusterWide(
    'rbac.authorization.k8s.io',
    'v1',
    'clusterrolebindings',
    'ClusterRoleBinding',
  ),
  Lease: namespaced('coordination.k8s.io', 'v1', 'leases', 'Lease'),
  PriorityClass: clusterWide('scheduling.k8s.io', 'v1', 'priorityclasses', 'PriorityClass'),
  StorageClass: clusterWide('storage.k8s.io', 'v1', 'storageclasses', 'StorageClass'),
  CustomResourceDefinition: clusterWide(
    'apiextensions.k8s.io',
    'v1',
    'customresourcedefinitions',
    'CustomResourceDefinition',
  ),
  ScaledObject: namespaced('keda.sh', 'v1alpha1', 'scaledobjects', 'ScaledObject'),
  ScaledJob: namespaced('keda.sh', 'v1alpha1', 'scaledjobs', 'ScaledJob'),
  TriggerAuthentication: namespaced('keda.sh', 'v1alpha1', 'triggerauthentications', 'TriggerAuthentication'),
  ClusterTriggerAuthentication: clusterWide(
    'keda.sh',
    'v1alpha1',
    'clustertriggerauthentications',
    'ClusterTriggerAuthentication',
  ),
  InterceptorRoute: namespaced('http.keda.sh', 'v1beta1', 'interceptorroutes', 'InterceptorRoute'),
  ServiceMonitor: namespaced('monitoring.coreos.com', 'v1', 'servicemonitors', 'ServiceMonitor'),
  PodMonitor: namespaced('monitoring.coreos.com', 'v1', 'podmonitors', 'PodMonitor'),
  PrometheusRule: namespaced('monitoring.coreos.com', 'v1', 'prometheusrules', 'PrometheusRule'),
  PodMetrics: namespaced('metrics.k8s.io', 'v1beta1', 'pods', 'PodMetrics'),
  NodeMetrics: clusterWide('metrics.k8s.io', 'v1beta1', 'nodes', 'NodeMetrics'),
});

const byApiVersionAndKind = new Map(
  Object.values(resources).map((type) => [`${apiVersionOf(type)}/${type.kind}`, type]),
);

/** `v1`, `apps/v1`, ... as objects of this type carry it. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** The catalogue's type of an object, or undefined when the kind is not in it. */
export function resourceTypeOf(object: Pick<KubeObject, 'apiVersion' | 'kind'>): ResourceType | undefined {
  return byApiVersionAndKind.get(`${object.apiVersion}/${object.kind}`);
}

/** `deployments.apps`, `pods`: the name Kubernetes uses in messages, whatever the version. */
export function groupResource(type: Pick<ResourceType, 'group' | 'plural'>): string {
  return type.group === '' ? type.plural : `${type.plural}.${type.group}`;
}

/** The path of a collection or of one object below the API server's root. */
export function resourcePath(
  type: ResourceType,
  namespace: string | undefined,
  name?: string,
  subresource?: string,
): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope =
    type.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const object = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${root}${scope}/${type.plural}${object}${subresource === undefined ? '' : `/${subresource}`}`;
}
