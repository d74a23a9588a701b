import {
  apiErrors,
  parseFieldSelector,
  parseLabelSelector,
  SelectorError,
  type KubeObject,
  type ListOptions,
} from '@scalelab/kube';

/**
 * Which objects a list or watch is about.
 * @throws KubeApiError BadRequest for a selector that cannot be read
 */
export function selection(options: ListOptions): (object: KubeObject) => boolean {
  try {
    const labels = parseLabelSelector(options.labelSelector);
    const fields = parseFieldSelector(options.fieldSelector);
    const { namespace } = options;
    return (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      labels(object.metadata.labels) &&
      fields(object);
  } catch (error) {
    if (error instanceof SelectorError) throw apiErrors.badRequest(error.message);
    throw error;
  }
}
