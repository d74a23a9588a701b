import { addInt64, type Int64 } from '../quantity/int64';
import { parseMilli } from '../quantity/milli';
import type { ContainerResources, HpaPod } from './input';
import { MetricFailure } from './metric-result';
import type { MetricPlan } from './plan';
import type { HpaProfile } from './profile';

/**
 * Requests of each pod in milli-units, in the order of the pods. One container without the request makes the whole metric
 * invalid, even in a pod that has failed or is being deleted.
 */
export function requestsOf(
  pods: readonly HpaPod[],
  { name: resource, container }: MetricPlan,
  defaults: ContainerResources,
  profile: HpaProfile,
): readonly Int64[] | MetricFailure {
  const requests = new Array<Int64>(pods.length);
  // Most pods share one set of requests: work it out once.
  let shared: Int64 | MetricFailure | undefined;
  for (let i = 0; i < pods.length; i++) {
    const pod = pods[i] as HpaPod;
    const own = pod.requests !== undefined || pod.podLevelRequests !== undefined;
    const request = own
      ? requestOf(pod, resource, container, pod.requests ?? defaults, profile)
      : (shared ??= requestOf(pod, resource, container, defaults, profile));
    if (request instanceof MetricFailure) return request;
    requests[i] = request;
  }
  return requests;
}

function requestOf(
  pod: HpaPod,
  resource: string,
  container: string,
  containers: ContainerResources,
  profile: HpaProfile,
): Int64 | MetricFailure {
  const field = `request of ${resource}`;
  // A named container goes before the requests of the pod as a whole.
  if (container === '' && pod.podLevelRequests !== undefined && profile.podLevelRequests) {
    const whole = pod.podLevelRequests[resource];
    if (whole !== undefined) return parseMilli(whole, field);
    const parts = Object.values(containers).flatMap((c) => (c[resource] === undefined ? [] : [c[resource]]));
    if (parts.length === 0)
      return new MetricFailure(`missing pod-level request for ${resource} in Pod ${pod.name}`);
    return parts.reduce<Int64>((sum, part) => addInt64(sum, parseMilli(part, field)), 0);
  }
  if (container !== '' && profile.containerRequired && !(container in containers))
    return new MetricFailure(`container ${container} not found in Pod ${pod.name}`);
  let sum: Int64 = 0;
  for (const name in containers) {
    if (container !== '' && container !== name) continue;
    const text = containers[name]?.[resource];
    if (text === undefined)
      return new MetricFailure(`missing request for ${resource} in container ${name} of Pod ${pod.name}`);
    sum = addInt64(sum, parseMilli(text, field));
  }
  return sum;
}
