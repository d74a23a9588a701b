import { at, each, ensure, set, type Draft } from './draft';
import { templateDefaults } from './pod';

export function deploymentDefaults(object: Draft): void {
  const spec = ensure(object, 'spec');
  set(spec, 'replicas', 1);
  const strategy = ensure(spec, 'strategy');
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rolling = ensure(strategy, 'rollingUpdate');
    set(rolling, 'maxUnavailable', '25%');
    set(rolling, 'maxSurge', '25%');
  }
  set(spec, 'revisionHistoryLimit', 10);
  set(spec, 'progressDeadlineSeconds', 600);
  templateDefaults(spec);
}

export function replicaSetDefaults(object: Draft): void {
  const spec = ensure(object, 'spec');
  set(spec, 'replicas', 1);
  templateDefaults(spec);
}

export function daemonSetDefaults(object: Draft): void {
  const spec = ensure(object, 'spec');
  const strategy = ensure(spec, 'updateStrategy');
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rolling = ensure(strategy, 'rollingUpdate');
    set(rolling, 'maxUnavailable', 1);
    set(rolling, 'maxSurge', 0);
  }
  set(spec, 'revisionHistoryLimit', 10);
  templateDefaults(spec);
}

export function statefulSetDefaults(object: Draft): void {
  const spec = ensure(object, 'spec');
  spec.podManagementPolicy ||= 'OrderedReady';
  const strategy = ensure(spec, 'updateStrategy');
  if (!strategy.type) {
    strategy.type = 'RollingUpdate';
    ensure(strategy, 'rollingUpdate');
  }
  const rolling = strategy.type === 'RollingUpdate' ? at(strategy, 'rollingUpdate') : undefined;
  if (rolling) set(rolling, 'partition', 0);
  const retention = ensure(spec, 'persistentVolumeClaimRetentionPolicy');
  retention.whenDeleted ||= 'Retain';
  retention.whenScaled ||= 'Retain';
  set(spec, 'replicas', 1);
  set(spec, 'revisionHistoryLimit', 10);
  for (const claim of each(spec, 'volumeClaimTemplates')) {
    claim.apiVersion ||= 'v1';
    claim.kind ||= 'PersistentVolumeClaim';
    set(ensure(claim, 'spec'), 'volumeMode', 'Filesystem');
  }
  templateDefaults(spec);
}
