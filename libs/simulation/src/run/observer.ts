import type {
  HpaManifest,
  HpaDecision,
  HpaInput,
  KedaInput,
  KedaStep,
  ScaledJobDecision,
  ScaledJobInput,
  ScaledObject,
} from '@scalelab/scaling';
import type { Undecided } from './decided';

/** Told everything that the controllers saw and decided, as they did. All moments in epoch milliseconds. */
export interface SimulationObserver {
  scaledObject?(atMs: number, action: 'added' | 'modified', object: ScaledObject): void;
  hpa?(atMs: number, action: 'added' | 'modified' | 'deleted', hpa: HpaManifest): void;
  hpaSync?(atMs: number, hpa: string, input: HpaInput, decision: HpaDecision, words: Undecided): void;
  keda?(atMs: number, input: KedaInput, step: KedaStep): void;
  scaledJob?(atMs: number, input: ScaledJobInput, decision: ScaledJobDecision): void;
  sample?(row: TimelineRow): void;
}

/** One moment of the timeline. */
export interface TimelineRow {
  /** Seconds since the start. */
  readonly t: number;
  /** What the first trigger would be told now; null: its source fails. */
  readonly signal: number | null;
  /** spec.replicas. */
  readonly desired: number;
  readonly ready: number;
  /** Items waiting or under way; 0 where there is no workload model. */
  readonly backlog: number;
  /** Of the oldest waiting item. */
  readonly oldestSeconds: number;
}
