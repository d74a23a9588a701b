import type { KubeObject } from '@scalelab/kube';
import type { PodTemplateSpec } from '@scalelab/manifests';
import { controllerReference } from './owner';

/** The pod that an owner makes from its template. */
export function podFromTemplate(
  template: PodTemplateSpec,
  owner: KubeObject,
  name: string | { generate: string },
): KubeObject {
  const { namespace } = owner.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(typeof name === 'string' ? { name } : { name: '', generateName: name.generate }),
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...template.metadata?.labels },
      ...(template.metadata?.annotations === undefined
        ? {}
        : { annotations: { ...template.metadata.annotations } }),
      ...(template.metadata?.finalizers === undefined ? {} : { finalizers: template.metadata.finalizers }),
      ownerReferences: [controllerReference(owner)],
    },
    spec: template.spec,
  };
}
