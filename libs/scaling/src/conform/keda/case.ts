import { type KedaDifference } from './compare';

/** The families of recorded KEDA runs; each is one file of the conformance folder. */
export const kedaFamilies = [
  'executor',
  'fallback',
  'formula',
  'prometheus',
  'metrics-api',
  'sqs',
  'workload',
  'cron',
  'kafka',
  'scaledjob',
  'hpa',
  'lifecycle',
  'validation',
  'parse',
  'loop',
] as const;
export type KedaFamily = (typeof kedaFamilies)[number];

/** A recorded case as it stands in the file. Input, ticks and expectation differ from family to family. */
export interface KedaCase {
  readonly name: string;
  readonly about?: string;
  readonly keda?: string;
  readonly tags?: readonly string[];
  readonly input: unknown;
  readonly ticks?: readonly unknown[];
  readonly expect?: unknown;
}

export interface KedaReplay {
  readonly passed: boolean;
  readonly firstDifference?: KedaDifference;
  /** Explanation of the step that differs, where there is one. */
  readonly steps?: readonly string[];
}
