import type { TriggerContext, TriggerManifest } from '@scalelab/scaling';
import { durationSeconds } from '../load/duration';
import type { ModelSignal, WorkloadModel } from './workload-model';

/** What one trigger reads of the workload's queue. */
export interface QueueSignal {
  readonly kind: ModelSignal;
  /** Rates are averages over so long; 1 s: as it is now. */
  readonly windowSeconds: number;
  /** What a rate is multiplied with. */
  readonly scale: number;
}

/** Of a model's fields, else by the trigger: a query's function and range, a route's window, else the backlog. */
export function queueSignal(
  trigger: TriggerManifest | undefined,
  context: TriggerContext | undefined,
  { signal, signalScale }: WorkloadModel,
): QueueSignal {
  const own = ownSignal(trigger, context);
  const kind = signal ?? own.kind;
  return {
    kind,
    scale: signalScale ?? own.scale,
    windowSeconds: kind === 'servedRate' && own.windowSeconds === 1 ? defaultWindow : own.windowSeconds,
  };
}

const defaultWindow = 60;

function ownSignal(trigger: TriggerManifest | undefined, context: TriggerContext | undefined): QueueSignal {
  const route = context?.interceptorRoute?.requestRate;
  if (trigger?.type === 'external-push' && route)
    return { kind: 'arrivalRate', windowSeconds: secondsOf(route.window ?? '') ?? defaultWindow, scale: 1 };
  const [, name, range = ''] =
    /\b(rate|irate|increase)\s*\([^[]*\[(\w+)\]/.exec(trigger?.metadata?.query ?? '') ?? [];
  if (trigger?.type !== 'prometheus' || name === undefined)
    return { kind: 'backlog', windowSeconds: 1, scale: 1 };
  const windowSeconds = secondsOf(range) ?? 1;
  return {
    kind: 'arrivalRate',
    windowSeconds: name === 'irate' ? 1 : windowSeconds,
    scale: name === 'increase' ? windowSeconds : 1,
  };
}

/** At least one second; undefined: the text is no duration. */
function secondsOf(text: string): number | undefined {
  try {
    return Math.max(1, durationSeconds(text, 'the window'));
  } catch {
    return undefined;
  }
}
