import type { KubeClient } from '@scalelab/kube';
import type { KedaPollLine, MetricRequestLine } from '@scalelab/recording';
import type { TriggerObserver } from '../keda/trigger-observer';

export type KedaPollRecord = Omit<KedaPollLine, 'kind' | 't'>;
export type MetricRequestRecord = Omit<MetricRequestLine, 'kind' | 't'>;

/** Takes every step of the loop with its full input and decision. */
export interface KedaRecorder {
  poll(atMs: number, record: KedaPollRecord): void;
  request(atMs: number, record: MetricRequestRecord): void;
}

export interface ScaledObjectControllerOptions {
  readonly triggers: TriggerObserver;
  readonly record: KedaRecorder;
  /** Reads authentication and environment of triggers. */
  readonly client: KubeClient;
}
