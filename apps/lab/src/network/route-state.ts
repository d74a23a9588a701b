import { durationSeconds, type InterceptorRoute } from '@scalelab/manifests';
import type { RouteState } from '../interceptor';

/** The add-on's limit for the head of a response, ms. */
const responseHeaderMs = 300_000;

/**
 * What the interceptor has to know about an InterceptorRoute.
 * @param body of the placeholder, when it comes from a ConfigMap
 */
export function routeState(route: InterceptorRoute, body?: string): RouteState {
  const { name, namespace = 'default' } = route.metadata;
  const { coldStart, rules, target, timeouts } = route.spec;
  const placeholder = coldStart?.placeholder?.response;
  const fallback = coldStart?.fallback?.service;
  const readiness = milliseconds(timeouts?.readiness);
  return {
    key: `${namespace}/${name}`,
    target: { service: `${namespace}/${target.service}`, port: target.port ?? target.portName ?? '' },
    rules: (rules ?? []).map(({ headers, hosts, paths }) => ({
      ...(hosts ? { hosts } : {}),
      ...(paths ? { paths: paths.map(({ value }) => value) } : {}),
      ...(headers ? { headers } : {}),
    })),
    ...(readiness === undefined ? {} : { readinessTimeoutMs: readiness }),
    requestTimeoutMs: milliseconds(timeouts?.request) ?? 0,
    responseHeaderTimeoutMs: milliseconds(timeouts?.responseHeader) ?? responseHeaderMs,
    ...(fallback
      ? {
          fallback: {
            service: `${namespace}/${fallback.name}`,
            port: fallback.port ?? fallback.portName ?? '',
          },
        }
      : {}),
    ...(placeholder
      ? {
          placeholder: {
            status: placeholder.statusCode ?? 503,
            headers: placeholder.headers ?? {},
            body: placeholder.body ?? body ?? '',
          },
        }
      : {}),
  };
}

function milliseconds(duration: string | undefined): number | undefined {
  const seconds = duration === undefined ? undefined : durationSeconds(duration);
  return seconds === undefined ? undefined : seconds * 1000;
}
