import type { ResourceType } from '@scalelab/kube';
import { kinds, schemaOf, type Schema } from '@scalelab/manifests';

/** Where a kind keeps what its scale subresource shows. */
export interface ScalePaths {
  readonly specReplicas: readonly string[];
  readonly statusReplicas: readonly string[];
  /** A LabelSelector, or its text. Absent: the kind has none. */
  readonly selector?: readonly string[];
  /** spec.replicas of an object that does not say. */
  readonly defaultReplicas: number;
}

/** A kind that the lab serves. Everything kind-specific in the store and the API comes from this table. */
export interface ServedKind {
  readonly type: ResourceType;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** Groups of kinds for kubectl, such as `all`. */
  readonly categories: readonly string[];
  /** Status is written apart from the rest. */
  readonly hasStatus: boolean;
  readonly scale?: ScalePaths;
  /** Schema of a built-in kind; strategic merge patches take their merge keys from it. Custom kinds have none and refuse such patches. */
  readonly mergeSchema?: Schema;
  /** Deleted in two steps, so that a kubelet can end the process first. */
  readonly gracefulDeletion: boolean;
  /** Members that no update may change. */
  readonly immutable: readonly (readonly string[])[];
}

const replicas: ScalePaths = {
  specReplicas: ['spec', 'replicas'],
  statusReplicas: ['status', 'replicas'],
  selector: ['spec', 'selector'],
  defaultReplicas: 1,
};

const immutableOf: Readonly<Record<string, readonly (readonly string[])[]>> = {
  Deployment: [['spec', 'selector']],
  ReplicaSet: [['spec', 'selector']],
  Job: [
    ['spec', 'selector'],
    ['spec', 'completions'],
    ['spec', 'template'],
  ],
};

const inCategoryAll = new Set([
  'Pod',
  'Service',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
]);

/** Served under another version or through a subresource, or not at all: not resources of their own here. */
const notServed = new Set([
  'autoscaling/v1/Scale',
  'autoscaling/v1/HorizontalPodAutoscaler',
  'events.k8s.io/v1/Event',
]);

/** Groups with a dot that are not Kubernetes' own belong to custom resources. */
const isBuiltIn = (group: string): boolean => !group.includes('.') || group.endsWith('.k8s.io');

/** The kinds of libs/manifests as the lab serves them. */
export function builtInKinds(): ServedKind[] {
  return kinds
    .filter(({ group, version, kind }) => !notServed.has(`${group}/${version}/${kind}`))
    .map((kind) => ({
      type: Object.freeze({
        group: kind.group,
        version: kind.version,
        plural: kind.plural,
        kind: kind.kind,
        namespaced: kind.namespaced,
      }),
      singular: kind.singular,
      shortNames: kind.shortNames,
      categories: isBuiltIn(kind.group) && inCategoryAll.has(kind.kind) ? ['all'] : [],
      hasStatus: kind.subresources.includes('status'),
      ...(kind.subresources.includes('scale') ? { scale: replicas } : {}),
      ...(isBuiltIn(kind.group) ? { mergeSchema: schemaOf(kind) } : {}),
      gracefulDeletion: kind.group === '' && kind.kind === 'Pod',
      immutable: immutableOf[kind.kind] ?? [],
    }));
}
