export * from './virtual-scheduler';
export * from './fake-kube-client';
