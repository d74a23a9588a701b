import { parseTrigger } from '../trigger/registry';
import { type TriggerContext } from '../trigger/trigger';
import { type BuiltScaler, type ScalerCache } from './loop-types';
import {
  compileModifiers,
  ScalingModifiersError,
  scalingModifiersOf,
  usesModifiers,
} from './scaling-modifiers';
import { type ScaledObject, type ScaledObjectStatus } from './scaled-object';
import { type StatusDraft } from './status-draft';

export type Contexts = readonly (TriggerContext | undefined)[] | undefined;

/**
 * Builds the scalers of all triggers, with KEDA's events. The first trigger that is refused ends it. `shared` marks that
 * the cache holds the loop's own copy of the object.
 */
export function buildScalers(
  object: ScaledObject,
  status: ScaledObjectStatus,
  contexts: Contexts,
  draft: StatusDraft,
  shared: boolean,
): ScalerCache | { readonly error: string } {
  const scalers: BuiltScaler[] = [];
  for (const [index, manifest] of object.spec.triggers.entries()) {
    const parsed = parseTrigger(manifest, {
      namespace: object.metadata.namespace ?? 'default',
      ...contexts?.[index],
      index,
      asMetricSource: usesModifiers(object),
    });
    if (!parsed.ok) {
      draft.event('Warning', 'KEDAScalerFailed', parsed.message);
      return { error: parsed.message };
    }
    draft.event('Normal', 'KEDAScalersStarted', `Scaler ${manifest.type} is built`);
    scalers.push({
      name: manifest.name ?? '',
      type: manifest.type,
      useCachedMetrics: manifest.useCachedMetrics ?? false,
      parsed,
      state: parsed.initialState,
    });
  }
  const complaint = formulaComplaint(object);
  if (complaint) return { error: complaint };
  return { generation: object.metadata.generation ?? 0, scalers, status, shared, object };
}

/** The cache after a request or a poll; without a change it is the same one. */
export function withScalers(
  cache: ScalerCache,
  scalers: readonly BuiltScaler[],
  status: ScaledObjectStatus,
): ScalerCache {
  const isSame = status === cache.status && scalers.every((scaler, i) => scaler === cache.scalers[i]);
  return isSame ? cache : { ...cache, scalers, status };
}

function formulaComplaint(object: ScaledObject): string | undefined {
  if (!scalingModifiersOf(object).formula) return undefined;
  try {
    compileModifiers(object.spec);
    return undefined;
  } catch (error) {
    if (error instanceof ScalingModifiersError) return error.message;
    throw error;
  }
}
