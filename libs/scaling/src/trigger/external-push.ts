import { badAnswer, observed } from './answer';
import { MetadataReader } from './metadata-reader';
import { toMilli } from './milli';
import { type InterceptorObservation } from './observation';
import { externalMetricType, externalSpec } from './target';
import { TriggerError } from './trigger-error';
import { type InterceptorRouteMetrics, type TriggerMaths } from './trigger';

export interface ExternalPushSettings {
  readonly scalerAddress: string;
  /** Name of the InterceptorRoute; empty when the metadata name none. */
  readonly route: string;
  readonly metrics: InterceptorRouteMetrics | null;
}

/** Metrics of a route, in the order the scaler of the HTTP add-on names them. */
export const routeMetricNames = (route: string, metrics: InterceptorRouteMetrics): readonly string[] => [
  ...(metrics.concurrency ? [`http_${route}_concurrency`] : []),
  ...(metrics.requestRate ? [`http_${route}_rate`] : []),
];

/** external-push as the HTTP add-on serves it: concurrency and request rate of one InterceptorRoute. */
export const externalPush: TriggerMaths<ExternalPushSettings> = {
  parse(metadata, context) {
    const type = externalMetricType(context, 'external scaler metric type');
    const reader = new MetadataReader(metadata, context);
    const scalerAddress = reader.text('scalerAddress');
    reader.bool('enableTLS', { optional: true });
    reader.bool('unsafeSsl', { optional: true });
    const complaint = reader.error();
    const prefix = 'error parsing external scaler metadata: ';
    if (complaint) throw new TriggerError('BadMetadata', prefix + prefix + complaint);
    const route = metadata.interceptorRoute ?? '';
    const metrics = route === '' ? null : (context.interceptorRoute ?? null);
    const targets = [metrics?.concurrency, metrics?.requestRate].flatMap((m) => (m ? [m.targetValue] : []));
    return {
      settings: { scalerAddress, route, metrics },
      metricSpecs: metrics
        ? routeMetricNames(route, metrics).map((name, i) =>
            externalSpec(context, name, type, toMilli(targets[i] ?? 0)),
          )
        : [],
    };
  },

  evaluate(settings, state, observation) {
    const counts = observed(observation, 'interceptor');
    if (!settings.metrics) throw badAnswer(`InterceptorRoute "${settings.route}" not found`);
    const values = routeValues(settings.metrics, counts);
    return {
      valueMilli: values.map(toMilli),
      isActive: values.some((value) => value > 0),
      activationMilli: 0,
      state,
      how: `${counts.concurrency} concurrent, ${counts.requestRate} requests/s`,
    };
  },
};

const routeValues = (metrics: InterceptorRouteMetrics, counts: InterceptorObservation): readonly number[] => [
  ...(metrics.concurrency ? [counts.concurrency] : []),
  ...(metrics.requestRate ? [counts.requestRate] : []),
];
