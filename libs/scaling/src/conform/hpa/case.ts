import type { ControllerFlags } from '../../hpa/controller-flags';
import type { CurrentMetric, HpaCondition } from '../../hpa/decision';
import type { ContainerResources, HpaInput } from '../../hpa/input';
import type { EffectiveBehavior, HpaSpec } from '../../hpa/spec';

/** One sync of the real controller: what it read and what it decided. Fields as in the conformance folder's README. */
export interface HpaTick {
  /** Seconds since the HPA's creation. */
  readonly t: number;
  readonly input: Omit<HpaInput, 'change'>;
  /** From outside, since the tick before. Moments are seconds, as `t`. */
  readonly change?: {
    readonly at?: number;
    readonly note?: string;
    readonly hpa?: HpaSpec;
    readonly effectiveBehavior?: EffectiveBehavior | null;
    readonly controllerRestarted?: boolean;
    readonly hpaDeletedAt?: number;
    readonly hpaRecreatedAt?: number;
  };
  readonly proposedReplicas?: number;
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  readonly scaled: boolean;
  readonly specReplicasAfter: number;
  /** Absent: as in the tick before. */
  readonly conditions?: readonly Omit<HpaCondition, 'lastTransitionMs'>[];
  /** Absent: none. */
  readonly currentMetrics?: readonly CurrentMetric[];
  /** "Type Reason message"; absent: none. */
  readonly events?: readonly string[];
  readonly error?: string;
}

/** A recorded run of the real controller, from its first sight of the HPA. */
export interface HpaCase {
  readonly name: string;
  readonly about?: string;
  readonly tags?: readonly string[];
  /** Version of the controller. */
  readonly k8s: string;
  readonly hpa: HpaSpec;
  readonly effectiveBehavior?: EffectiveBehavior | null;
  readonly workload: {
    readonly initialReplicas?: number;
    readonly podRequests?: ContainerResources;
  };
  readonly controller: Partial<ControllerFlags>;
  readonly ticks: readonly HpaTick[];
}
