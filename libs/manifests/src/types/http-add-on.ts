import type { Condition, ObjectMeta } from './meta';

/** `http.keda.sh/v1beta1` as version 0.15 of KEDA's HTTP add-on defines it. */
export type InterceptorRoute = {
  readonly apiVersion: 'http.keda.sh/v1beta1';
  readonly kind: 'InterceptorRoute';
  readonly metadata: ObjectMeta;
  readonly spec: InterceptorRouteSpec;
  readonly status?: { readonly conditions?: readonly Condition[] };
};

export type InterceptorRouteSpec = {
  /** The Service behind the route, by port number or port name. */
  readonly target: { readonly service: string; readonly port?: number; readonly portName?: string };
  /** Any rule that matches routes the request here; longest path wins. */
  readonly rules?: readonly InterceptorRule[];
  /** Both given: the larger need wins. */
  readonly scalingMetric: {
    readonly concurrency?: { readonly targetValue: number };
    /** Requests a second over `window` (default `1m`) in buckets of `granularity` (default `1s`). */
    readonly requestRate?: {
      readonly targetValue: number;
      readonly window?: string;
      readonly granularity?: string;
    };
  };
  readonly coldStart?: {
    readonly fallback?: {
      readonly service: { readonly name: string; readonly port?: number; readonly portName?: string };
    };
    readonly placeholder?: {
      readonly response: {
        /** Default 503. */
        readonly statusCode?: number;
        readonly body?: string;
        readonly bodyFromConfigMap?: { readonly name: string; readonly key?: string };
        readonly headers?: Readonly<Record<string, string>>;
      };
    };
  };
  /** Go durations, for example `30s`; `0s` or absent: no limit (responseHeader: 300 s). */
  readonly timeouts?: {
    readonly readiness?: string;
    readonly request?: string;
    readonly responseHeader?: string;
  };
};

export type InterceptorRule = {
  readonly hosts?: readonly string[];
  readonly paths?: readonly { readonly value: string }[];
  readonly headers?: readonly { readonly name: string; readonly value?: string }[];
};
