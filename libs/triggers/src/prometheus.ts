import { prometheusQueryUrl, type PrometheusSettings } from '@scalelab/scaling';
import { addressOfUrl, type ResolveAddress } from './address';
import { httpCredentials, tlsParts } from './http-auth';
import type { HttpGetter } from './http-get';
import { nothingToClose, type TriggerSource } from './trigger-source';

/** KEDA's KEDA_HTTP_DEFAULT_TIMEOUT. */
export const defaultHttpTimeoutMs = 3_000;

/** prometheus: one instant query at the time of `now`. */
export function prometheusSource(http: HttpGetter, resolve: ResolveAddress, now: () => Date): TriggerSource {
  return {
    async observe({ parsed, context, namespace }) {
      const settings = parsed.settings as PrometheusSettings;
      const { headers, query } = httpCredentials(settings.auth);
      const url = new URL(prometheusQueryUrl(settings, now().toISOString()));
      for (const [key, value] of query) url.searchParams.append(key, value);
      const answer = await http.get({
        url,
        headers: { ...Object.fromEntries(settings.customHeaders), ...headers },
        timeoutMs: settings.timeoutMs || defaultHttpTimeoutMs,
        connectTo: await resolve(addressOfUrl(url), namespace),
        unsafeSsl: settings.unsafeSsl,
        tls: tlsParts(context.authParams),
      });
      return { kind: 'http', ...answer };
    },
    close: nothingToClose,
  };
}
