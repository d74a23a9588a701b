import { boundsOf } from '../run/simulate';
import type { ScalingTarget } from '../run/scaling-target';
import { targetKeyOf, type Dimension } from './variant';

const unique = (values: readonly number[]): string[] =>
  [...new Set(values)].sort((a, b) => a - b).map(String);

/** What a recommendation tries when no sweep is given: targets, limits and minimum around those of the manifest. */
export function candidatesFor(target: ScalingTarget): readonly Dimension[] {
  const { min, max } = boundsOf(target);
  const isHpa = target.kind === 'HorizontalPodAutoscaler';
  const maxima = unique([max, Math.ceil(max * 1.5), max * 2, max * 4].filter((count) => count >= 1));
  const minima = unique(
    [min, ...(isHpa ? [Math.max(1, min)] : [0]), 1, 2, Math.max(1, Math.round(max / 4))].filter(
      (count) => count <= max,
    ),
  );
  const dimensions: Dimension[] = [];
  if (!isHpa)
    for (const [index, { type, metadata }] of target.object.spec.triggers.entries()) {
      const key = targetKeyOf(type);
      const value = Number(key === undefined ? Number.NaN : metadata?.[key]);
      if (key === undefined || type === 'cron' || !Number.isFinite(value) || value <= 0) continue;
      const values = [0.1, 0.25, 0.5, 1, 2, 4]
        .map((factor) => value * factor)
        .map((v) => (value >= 4 ? Math.max(1, Math.round(v)) : v));
      dimensions.push({ path: `trigger[${index}].${key}`, values: unique(values) });
      break;
    }
  dimensions.push({
    path: isHpa ? 'minReplicas' : 'minReplicaCount',
    values: isHpa ? minima.filter((m) => m !== '0') : minima,
  });
  dimensions.push({ path: isHpa ? 'maxReplicas' : 'maxReplicaCount', values: maxima });
  return dimensions;
}
