export * from './fake-kube-client';
