/**
 * What changed in the HPA controller between Kubernetes 1.32 and 1.35, where a decision depends on it; found by comparing
 * the four versions' sources. Older versions are taken for 1.32, later ones for 1.35.
 */
export interface HpaProfile {
  /** `major.minor` of the Kubernetes whose controller decides. */
  readonly kubernetes: string;
  /**
   * How a ratio is held against the tolerance. `distance` (up to 1.32): |1 - ratio| <= tolerance; `bounds` (from 1.33, with
   * tolerances per direction): 1 - down <= ratio <= 1 + up. At the exact edge doubles differ: a ratio of 1.1 scales up
   * under `distance` and is held under `bounds`.
   */
  readonly toleranceComparison: 'distance' | 'bounds';
  /** `behavior.*.tolerance` counts without naming the feature gate HPAConfigurableTolerance (on by default from 1.35). */
  readonly configurableTolerance: boolean;
  /** `currentMetrics` prints memory with binary suffixes. From 1.34. */
  readonly binaryMemory: boolean;
  /** External AverageValue: a sum below zero counts as the largest int64, and the count ends at 2^31-1. From 1.34. */
  readonly averageOverflowGuard: boolean;
  /** Value targets: the sum of an external metric ends at 2^63-1 and the count at 2^31-1. From 1.35. */
  readonly valueOverflowGuard: boolean;
  /** Requests of the pod as a whole are used (feature gate PodLevelResources). From 1.34. */
  readonly podLevelRequests: boolean;
  /** ContainerResource: a pod without the container is an error, not a request of 0. From 1.35. */
  readonly containerRequired: boolean;
}

/** 1.34: the version that the recorded runs of the real controller come from. */
export const defaultKubernetes = '1.34';

/** The profile of a version such as "1.34" or "v1.34.4". Throws RangeError where the text is no version. */
export function hpaProfile(kubernetes: string = defaultKubernetes): HpaProfile {
  const match = /^v?1\.(\d+)(?:[.+-].*)?$/.exec(kubernetes);
  if (match === null)
    throw new RangeError(
      `kubernetes: ${JSON.stringify(kubernetes)} is not a version; allowed: 1.23 and later, such as "1.34"`,
    );
  const minor = Number(match[1]);
  if (minor < 23)
    throw new RangeError(
      `kubernetes: ${JSON.stringify(kubernetes)} has no autoscaling/v2; allowed: 1.23 and later`,
    );
  return {
    kubernetes: `1.${minor}`,
    toleranceComparison: minor <= 32 ? 'distance' : 'bounds',
    configurableTolerance: minor >= 35,
    binaryMemory: minor >= 34,
    averageOverflowGuard: minor >= 34,
    valueOverflowGuard: minor >= 35,
    podLevelRequests: minor >= 34,
    containerRequired: minor >= 35,
  };
}
