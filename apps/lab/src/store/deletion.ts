import { apiTime, valueAt, type DeleteOptions, type KubeObject } from '@scalelab/kube';
import type { ServedKind } from './served-kind';

/** Kubernetes' default of `terminationGracePeriodSeconds`. */
const defaultGraceSeconds = 30;

/** What a delete does now: nothing, a mark (others finish it), or removal. */
export type DeletionStep =
  | { readonly kind: 'remove' }
  | { readonly kind: 'mark'; readonly object: KubeObject }
  | { readonly kind: 'none' };

function graceSeconds(kind: ServedKind, object: KubeObject, options: DeleteOptions): number {
  if (!kind.gracefulDeletion) return 0;
  const phase = valueAt(object, ['status', 'phase']);
  // Nobody runs it: there is nothing to wait for.
  if (!valueAt(object, ['spec', 'nodeName']) || phase === 'Succeeded' || phase === 'Failed') return 0;
  const own = valueAt(object, ['spec', 'terminationGracePeriodSeconds']);
  const asked = options.gracePeriodSeconds ?? (typeof own === 'number' ? own : defaultGraceSeconds);
  return asked < 0 ? 1 : asked;
}

function finalizersAfter(object: KubeObject, options: DeleteOptions): readonly string[] {
  const present = object.metadata.finalizers ?? [];
  const wanted = { Foreground: 'foregroundDeletion', Orphan: 'orphan', Background: undefined };
  const added = options.propagationPolicy === undefined ? undefined : wanted[options.propagationPolicy];
  if (options.propagationPolicy === undefined) return present;
  const others = present.filter((name) => name !== 'foregroundDeletion' && name !== 'orphan');
  return added === undefined ? others : [...others, added];
}

/** A finished deletion: nothing holds the object and no grace period runs. */
export function isReleased(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  const namespaceFinalizers =
    object.kind === 'Namespace' ? valueAt(object, ['spec', 'finalizers']) : undefined;
  return (
    deletionTimestamp !== undefined &&
    deletionGracePeriodSeconds === 0 &&
    finalizers.length === 0 &&
    !(Array.isArray(namespaceFinalizers) && namespaceFinalizers.length > 0)
  );
}

/** Decides what a delete request does to an object at `nowMs`. */
export function deletionStep(
  kind: ServedKind,
  object: KubeObject,
  options: DeleteOptions,
  nowMs: number,
): DeletionStep {
  const grace = graceSeconds(kind, object, options);
  const finalizers = finalizersAfter(object, options);
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = object.metadata;
  const sameFinalizers = finalizers.length === (object.metadata.finalizers ?? []).length;
  // A repeated delete may only shorten the grace period.
  if (deletionTimestamp !== undefined && grace >= deletionGracePeriodSeconds && sameFinalizers) {
    return isReleased(object) ? { kind: 'remove' } : { kind: 'none' };
  }
  const running = deletionTimestamp === undefined ? grace : Math.min(grace, deletionGracePeriodSeconds);
  const marked: KubeObject = {
    ...object,
    ...(object.kind === 'Namespace' ? { status: { phase: 'Terminating' } } : {}),
    metadata: {
      ...object.metadata,
      finalizers,
      deletionTimestamp: apiTime(nowMs + running * 1000),
      deletionGracePeriodSeconds: running,
      generation: (object.metadata.generation ?? 1) + (deletionTimestamp === undefined ? 1 : 0),
    },
  };
  return isReleased(marked) ? { kind: 'remove' } : { kind: 'mark', object: marked };
}
