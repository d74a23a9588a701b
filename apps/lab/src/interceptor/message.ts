import type { AddressPlan } from '../network/address-book';

/** A pod's port behind a Service port, by the addresses that Kubernetes shows. */
export interface EndpointState {
  readonly address: string;
  readonly port: number;
}

export interface ServicePortState {
  readonly name: string;
  readonly port: number;
  /** HTTP/1.1: balanced by request. Everything else is balanced by connection. */
  readonly http: boolean;
  /** Ports of 127.0.0.1 that lead here too. */
  readonly hostPorts: readonly number[];
  /** Ready ones only. */
  readonly endpoints: readonly EndpointState[];
}

export interface ServiceState {
  /** `namespace/name` */
  readonly key: string;
  /** The Service's own address; absent for a headless one. */
  readonly address?: string;
  /** Requests are routed by InterceptorRoutes instead of to this Service's own endpoints. */
  readonly proxy: boolean;
  readonly ports: readonly ServicePortState[];
}

/** A Service port by number or name. */
export interface TargetState {
  /** `namespace/name` */
  readonly service: string;
  readonly port: number | string;
}

export interface RuleState {
  readonly hosts?: readonly string[];
  readonly paths?: readonly string[];
  readonly headers?: readonly { readonly name: string; readonly value?: string }[];
}

export interface RouteState {
  /** `namespace/name` of the InterceptorRoute. */
  readonly key: string;
  readonly target: TargetState;
  /** Empty: every request that no other route wants. */
  readonly rules: readonly RuleState[];
  /** Longest wait for a ready endpoint, ms; absent: the interceptor's own. 0 = no limit. */
  readonly readinessTimeoutMs?: number;
  /** Longest time for a whole request, ms. 0 = no limit. */
  readonly requestTimeoutMs: number;
  /** Longest wait for the response's head once the request is sent, ms. 0 = no limit. */
  readonly responseHeaderTimeoutMs: number;
  readonly fallback?: TargetState;
  readonly placeholder?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export interface RouteCounts {
  /** Requests in flight, held ones included. */
  readonly concurrency: number;
  /** Requests since the interceptor's start: never falls. */
  readonly requests: number;
}

/** From the lab. */
export type ToInterceptor =
  | {
      readonly type: 'hello';
      readonly plan: AddressPlan;
      /** Where to answer `/metrics`; port 0 = any. */
      readonly metrics: { readonly host: string; readonly port: number };
      /** For routes that do not say: longest wait for a ready endpoint, ms. 0 = no limit. */
      readonly readinessTimeoutMs: number;
    }
  | { readonly type: 'service'; readonly service: ServiceState }
  | { readonly type: 'serviceGone'; readonly key: string }
  | { readonly type: 'route'; readonly route: RouteState }
  | { readonly type: 'routeGone'; readonly key: string }
  | { readonly type: 'counts'; readonly id: number };

/** To the lab. */
export type FromInterceptor =
  | { readonly type: 'ready'; readonly metricsPort: number }
  /** A request has come in for a route that was idle or has no endpoint: scale it up now. */
  | { readonly type: 'active'; readonly key: string }
  | { readonly type: 'counts'; readonly id: number; readonly counts: Readonly<Record<string, RouteCounts>> }
  /** All listeners of a Service's present state are open. */
  | { readonly type: 'listening'; readonly key: string }
  /** A port cannot be had; tried again until it can. */
  | { readonly type: 'portProblem'; readonly key: string; readonly message: string };
