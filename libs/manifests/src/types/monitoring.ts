import type { IntOrString, LabelSelector, ObjectMeta } from './meta';

/** The fields of `monitoring.coreos.com/v1` that scraping in the lab reads; the schema holds all of them. */
export type ServiceMonitor = {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'ServiceMonitor';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly selector: LabelSelector;
    readonly namespaceSelector?: NamespaceSelector;
    readonly endpoints: readonly ServiceMonitorEndpoint[];
    readonly jobLabel?: string;
    readonly targetLabels?: readonly string[];
    readonly podTargetLabels?: readonly string[];
    readonly sampleLimit?: number;
  };
};

export type NamespaceSelector = { readonly any?: boolean; readonly matchNames?: readonly string[] };

export type ServiceMonitorEndpoint = {
  /** Name of the Service's port; excludes targetPort. */
  readonly port?: string;
  readonly targetPort?: IntOrString;
  /** Default `/metrics`. */
  readonly path?: string;
  /** Default `http`. */
  readonly scheme?: 'http' | 'https';
  /** Go duration; absent: Prometheus' global interval. */
  readonly interval?: string;
  readonly scrapeTimeout?: string;
  readonly honorLabels?: boolean;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  readonly relabelings?: readonly RelabelConfig[];
  readonly metricRelabelings?: readonly RelabelConfig[];
};

export type RelabelConfig = {
  readonly sourceLabels?: readonly string[];
  readonly separator?: string;
  readonly targetLabel?: string;
  readonly regex?: string;
  readonly modulus?: number;
  readonly replacement?: string;
  readonly action?: string;
};

export type PodMonitor = {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'PodMonitor';
  readonly metadata: ObjectMeta;
  readonly spec: {
    readonly selector: LabelSelector;
    readonly namespaceSelector?: NamespaceSelector;
    readonly podMetricsEndpoints?: readonly ServiceMonitorEndpoint[];
    readonly podTargetLabels?: readonly string[];
    readonly jobLabel?: string;
  };
};

export type PrometheusRule = {
  readonly apiVersion: 'monitoring.coreos.com/v1';
  readonly kind: 'PrometheusRule';
  readonly metadata: ObjectMeta;
  readonly spec: { readonly groups?: readonly PrometheusRuleGroup[] };
};

export type PrometheusRuleGroup = {
  readonly name: string;
  readonly interval?: string;
  readonly rules?: readonly {
    readonly alert?: string;
    readonly record?: string;
    readonly expr: IntOrString;
    readonly for?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
};
