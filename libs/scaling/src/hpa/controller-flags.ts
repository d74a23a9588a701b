/** Flags of kube-controller-manager that change what the HPA controller decides. */
export interface ControllerFlags {
  /** `--horizontal-pod-autoscaler-sync-period`, seconds. Default 15. */
  readonly syncPeriodSeconds: number;
  /** `--horizontal-pod-autoscaler-tolerance`, a ratio. Default 0.1. */
  readonly tolerance: number;
  /** `--horizontal-pod-autoscaler-downscale-stabilization`, seconds. Default 300. */
  readonly downscaleStabilisationSeconds: number;
  /** `--horizontal-pod-autoscaler-cpu-initialization-period`, seconds. Default 300. */
  readonly cpuInitializationPeriodSeconds: number;
  /** `--horizontal-pod-autoscaler-initial-readiness-delay`, seconds. Default 30. */
  readonly initialReadinessDelaySeconds: number;
  /**
   * Feature gates that are on: `HPAConfigurableTolerance` makes `behavior.*.tolerance` count; `HPAScaleToZero` lets
   * `minReplicas` be 0 (validation only). Default none.
   */
  readonly featureGates?: readonly string[];
}

export const defaultControllerFlags: ControllerFlags = Object.freeze({
  syncPeriodSeconds: 15,
  tolerance: 0.1,
  downscaleStabilisationSeconds: 300,
  cpuInitializationPeriodSeconds: 300,
  initialReadinessDelaySeconds: 30,
});
