import { apiErrors, type KubeObject, type PatchType } from '@scalelab/kube';
import { jsonPatch } from './json-patch';
import { mergePatch } from './merge-patch';
import { strategicMergePatch } from './strategic-merge-patch';
import type { ServedKind } from '../served-kind';

/**
 * The object that a patch makes of another one. Server-side apply merges lists by their keys but does not yet track who owns a field.
 * @throws KubeApiError BadRequest, Invalid or UnsupportedMediaType
 */
export function patchedObject(
  kind: Pick<ServedKind, 'mergeSchema'>,
  object: KubeObject,
  patch: unknown,
  type: PatchType,
): unknown {
  switch (type) {
    case 'merge':
      return mergePatch(object, patch);
    case 'json':
      return jsonPatch(object, patch);
    case 'strategic':
      if (kind.mergeSchema === undefined) {
        throw apiErrors.unsupportedMediaType('application/strategic-merge-patch+json', [
          'application/json-patch+json',
          'application/merge-patch+json',
          'application/apply-patch+yaml',
        ]);
      }
      return strategicMergePatch(object, patch, kind.mergeSchema);
    case 'apply':
      return strategicMergePatch(object, patch, kind.mergeSchema);
  }
}
