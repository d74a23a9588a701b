import type { ExternalPushSettings } from '@scalelab/scaling';
import { nothingToClose, type TriggerSource } from './trigger-source';

/** What the scaler of the HTTP add-on knows of one InterceptorRoute. */
export interface RouteLoad {
  /** Requests in flight or waiting, over all interceptors. */
  readonly concurrency: number;
  /** Requests a second over the route's window. */
  readonly requestRate: number;
}

/** The scaler of the HTTP add-on: it asks the interceptors on its own clock and answers from what it has. */
export interface InterceptorScaler {
  /** undefined: no interceptor has answered for this route yet. */
  load(namespace: string, route: string): RouteLoad | undefined | Promise<RouteLoad | undefined>;
}

/** external-push: the load of the InterceptorRoute that the metadata name. */
export function externalPushSource(scaler: InterceptorScaler): TriggerSource {
  return {
    async observe({ parsed, namespace }) {
      const { route } = parsed.settings as ExternalPushSettings;
      const load = await scaler.load(namespace, route);
      if (!load)
        return {
          kind: 'unreachable',
          message: `no interceptor has answered for route ${namespace}/${route} yet`,
        };
      return { kind: 'interceptor', concurrency: load.concurrency, requestRate: load.requestRate };
    },
    close: nothingToClose,
  };
}
