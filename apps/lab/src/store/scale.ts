import {
  isJsonObject,
  valueAt,
  withValueAt,
  formatLabelSelector,
  type KubeObject,
  type LabelSelector,
  type Scale,
} from '@scalelab/kube';
import type { ScalePaths } from './served-kind';

const numberAt = (object: KubeObject, path: readonly string[], absent: number): number => {
  const value = valueAt(object, path);
  return typeof value === 'number' ? value : absent;
};

/** What the scale subresource shows of an object. */
export function scaleOf(paths: ScalePaths, object: KubeObject): Scale {
  const selector = paths.selector === undefined ? undefined : valueAt(object, paths.selector);
  return {
    specReplicas: numberAt(object, paths.specReplicas, paths.defaultReplicas),
    statusReplicas: numberAt(object, paths.statusReplicas, 0),
    selector:
      typeof selector === 'string'
        ? selector
        : isJsonObject(selector)
          ? formatLabelSelector(selector as LabelSelector)
          : '',
    resourceVersion: object.metadata.resourceVersion ?? '',
  };
}

/** The object with another replica count. */
export function withReplicas(paths: ScalePaths, object: KubeObject, replicas: number): KubeObject {
  return withValueAt(object, paths.specReplicas, replicas) as KubeObject;
}

/** A Scale as `autoscaling/v1` carries it. */
export function scaleObject(object: KubeObject, scale: Scale): KubeObject {
  const { name, namespace, uid, creationTimestamp } = object.metadata;
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      resourceVersion: scale.resourceVersion,
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
    },
    spec: { replicas: scale.specReplicas },
    status: {
      replicas: scale.statusReplicas,
      ...(scale.selector === '' ? {} : { selector: scale.selector }),
    },
  };
}
