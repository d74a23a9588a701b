export { ApiServer, type ApiServerOptions } from './api-server';
export { servingCertificates, type ServingCertificates } from './certificate';
export { kubeconfigOf, writeKubeconfig } from './kubeconfig-file';
export { defaultsAdmission, validationAdmission } from './manifest-admission';
export type { ExternalMetricSource, LogSource, PodUsage, PodUsageSource } from './sources';
