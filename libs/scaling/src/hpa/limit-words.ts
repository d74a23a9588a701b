import { counted } from './number-text';
import type { HpaTrace, LimitTrace, PolicyTrace } from './trace';

/** What held the count back after the windows; undefined: nothing did. */
export function limitWords(trace: HpaTrace): string | undefined {
  const { limit, specReplicas } = trace;
  if (limit === undefined) return undefined;
  switch (limit.reason) {
    case 'TooManyReplicas':
      return `limited by maxReplicas ${trace.maxReplicas}`;
    case 'TooFewReplicas':
      return `raised to minReplicas ${trace.minReplicas}`;
    case 'ScaleUpLimit':
    case 'ScaleDownLimit':
      return rateWords(limit, specReplicas);
    case 'DesiredWithinRange':
      // The cap is worth a word where it was just reached: the next sync would have been limited.
      return limit.policies === undefined && limit.result === limit.rate
        ? rateWords(limit, specReplicas)
        : undefined;
  }
}

function rateWords(limit: LimitTrace, current: number): string {
  if (limit.policies === undefined)
    return `limited by the default cap max(2 x ${current}, 4) = ${limit.rate}`;
  const up = limit.wanted > current;
  const direction = up ? 'scaleUp' : 'scaleDown';
  if (limit.selectPolicy === 'Disabled') return `${direction} is disabled (selectPolicy Disabled)`;
  const deciding = decidingPolicy(limit, up);
  if (deciding === undefined) return `limited to ${limit.result} by the ${direction} policies`;
  const beyond = up ? deciding.allows < current : deciding.allows > current;
  const start = `${deciding.periodStart} at the start of the period`;
  const rule = `the ${direction} policy ${policyText(deciding)}`;
  return beyond || limit.result === current
    ? `${rule} allows no more change now (${start})`
    : `limited by ${rule}: ${start}, so ${up ? 'at most' : 'at least'} ${limit.result}`;
}

/** The policy that selectPolicy chose: Max is the largest change. */
function decidingPolicy({ policies = [], selectPolicy }: LimitTrace, up: boolean): PolicyTrace | undefined {
  const highest = (selectPolicy === 'Min') !== up;
  return policies.reduce<PolicyTrace | undefined>(
    (best, p) =>
      best === undefined || (highest ? p.allows > best.allows : p.allows < best.allows) ? p : best,
    undefined,
  );
}

export function policyText({ type, value, periodSeconds }: PolicyTrace): string {
  return `${type === 'Pods' ? counted(value, 'pod') : `${value} %`} per ${periodSeconds} s`;
}
