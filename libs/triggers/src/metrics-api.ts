import { resources, type KubeClient, type KubeObject } from '@scalelab/kube';
import type { EndpointSlice } from '@scalelab/manifests';
import type { HttpObservation, MetricsApiSettings, UnreachableObservation } from '@scalelab/scaling';
import { addressOfUrl, formatAddress, type Address, type ResolveAddress } from './address';
import { httpCredentials, tlsParts } from './http-auth';
import type { HttpGetter } from './http-get';
import { defaultHttpTimeoutMs } from './prometheus';
import { nothingToClose, type TriggerQuestion, type TriggerSource } from './trigger-source';

/** metrics-api: one GET, or one an endpoint of the Service behind the URL. */
export function metricsApiSource(http: HttpGetter, kube: KubeClient, resolve: ResolveAddress): TriggerSource {
  const ask = async (
    url: URL,
    connectTo: Address,
    settings: MetricsApiSettings,
    { context }: TriggerQuestion,
  ): Promise<HttpObservation> => {
    const { headers, query } = httpCredentials(settings.auth);
    for (const [key, value] of query) url.searchParams.append(key, value);
    const answer = await http.get({
      url,
      headers,
      timeoutMs: defaultHttpTimeoutMs,
      connectTo,
      unsafeSsl: settings.unsafeSsl,
      tls: tlsParts(context.authParams),
    });
    return { kind: 'http', ...answer };
  };

  return {
    async observe(question) {
      const settings = question.parsed.settings as MetricsApiSettings;
      const url = new URL(settings.url);
      if (!settings.aggregateFromKubeServiceEndpoints) {
        return ask(url, await resolve(addressOfUrl(url), question.namespace), settings, question);
      }
      const addresses = await serviceEndpoints(kube, url, question.namespace);
      const answers = await Promise.all(
        addresses.map(async (address): Promise<HttpObservation | UnreachableObservation> => {
          const own = new URL(url);
          own.host = formatAddress(address);
          return ask(own, address, settings, question).catch((error: unknown) => ({
            kind: 'unreachable',
            message: error instanceof Error ? error.message : String(error),
          }));
        }),
      );
      return { kind: 'endpoints', answers };
    },
    close: nothingToClose,
  };
}

/** Addresses of the ready endpoints, every port, of `service.namespace...` in the URL. */
async function serviceEndpoints(kube: KubeClient, url: URL, fallback: string): Promise<readonly Address[]> {
  const [service = '', namespace = fallback] = url.hostname.split('.');
  const { items } = await kube.list<EndpointSlice & KubeObject>(resources.EndpointSlice, {
    namespace,
    labelSelector: `kubernetes.io/service-name=${service}`,
  });
  return items.flatMap((slice) =>
    slice.endpoints
      .filter((endpoint) => endpoint.conditions?.ready !== false)
      .flatMap((endpoint) => endpoint.addresses)
      .flatMap((host) =>
        (slice.ports ?? []).flatMap(({ port }) => (port === undefined ? [] : [{ host, port }])),
      ),
  );
}
