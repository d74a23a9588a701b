import { buildHpa } from './hpa';
import { needsHpaUpdate } from './hpa-difference';
import { hpaMetrics } from './hpa-metrics';
import { hpaNameOf, wantedHpaName } from './hpa-name';
import { type HpaManifest } from './hpa-manifest';
import { type LoopMemory, ReconcileFailure, type ReconcileInput } from './reconcile';
import { buildScalers } from './scaler-cache';
import { type ScaleTargetGvkr } from './scaled-object';
import { type StatusDraft } from './status-draft';

/** Creates, renames or updates the HPA as needed; true when a new one was made. Throws ReconcileFailure. */
export function ensureHpa(
  input: ReconcileInput,
  target: ScaleTargetGvkr,
  memory: LoopMemory,
  draft: StatusDraft,
): boolean {
  const { object, hpa: found } = input;
  if (!found) {
    createHpa(input, target, memory, draft);
    return true;
  }
  if (found.metadata.name !== wantedHpaName(object)) {
    draft.effects.push({ kind: 'deleteHpa', name: found.metadata.name });
    createHpa(input, target, memory, draft);
    return true;
  }
  const wanted = makeHpa(input, target, memory, draft);
  if (needsHpaUpdate(wanted, found)) draft.effects.push({ kind: 'writeHpa', hpa: wanted });
  const hpaName = hpaNameOf(object, draft.status);
  if (draft.status.hpaName !== hpaName) draft.set({ hpaName });
  return false;
}

function createHpa(
  input: ReconcileInput,
  target: ScaleTargetGvkr,
  memory: LoopMemory,
  draft: StatusDraft,
): void {
  const hpa = makeHpa(input, target, memory, draft);
  draft.effects.push({ kind: 'writeHpa', hpa });
  draft.set({ hpaName: hpa.metadata.name });
}

const failed = (message: string): ReconcileFailure =>
  new ReconcileFailure('failed to ensure HPA is correctly created for ScaledObject', message);

/** The HPA as it should be. Builds the scalers when the spec has changed, and notes their metrics in the status. */
function makeHpa(
  { object, contexts }: ReconcileInput,
  target: ScaleTargetGvkr,
  memory: LoopMemory,
  draft: StatusDraft,
): HpaManifest {
  if (memory.scalers?.generation !== (object.metadata.generation ?? 0)) {
    const built = buildScalers(object, draft.status, contexts, draft, false);
    if ('error' in built) throw failed(built.error);
    memory.scalers = built;
  }
  const specs = memory.scalers?.scalers.flatMap((scaler) => scaler.parsed.metricSpecs) ?? [];
  const made = hpaMetrics(object, specs);
  if ('error' in made) throw failed(made.error);
  keepMetricNames(made.status, draft);
  const hpa = buildHpa(object, target, made.metrics);
  if ('error' in hpa) throw failed(hpa.error);
  return hpa;
}

/** Health of metrics that are gone goes with them; the composite name stays once it has been set. */
function keepMetricNames(
  names: {
    readonly externalMetricNames?: readonly string[];
    readonly resourceMetricNames?: readonly string[];
  },
  draft: StatusDraft,
): void {
  const health = Object.entries(draft.status.health ?? {}).filter(([name]) =>
    names.externalMetricNames?.includes(name),
  );
  draft.clear('externalMetricNames', 'resourceMetricNames', 'health');
  draft.set({ ...names, ...(health.length > 0 ? { health: Object.fromEntries(health) } : {}) });
}
