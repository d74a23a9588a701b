import type { KubeObject } from '@scalelab/kube';

const encodedObjects = new WeakMap<KubeObject, Buffer>();

/** An object as JSON bytes, made once a version and shared by every list and watch that carries it. */
export function encodedObject(object: KubeObject): Buffer {
  let bytes = encodedObjects.get(object);
  if (bytes === undefined) {
    bytes = Buffer.from(JSON.stringify(object));
    // Only what can no longer change may be remembered.
    if (Object.isFrozen(object)) encodedObjects.set(object, bytes);
  }
  return bytes;
}
