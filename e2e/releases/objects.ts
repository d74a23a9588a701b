import type { KubeObject } from '@scalelab/kube';

/** The fields that the suites read. */
export interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
    };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
  };
}

export interface Metric {
  readonly type: string;
  readonly resource?: { readonly name: string; readonly target: { readonly averageUtilization?: number } };
  readonly external?: {
    readonly metric: { readonly name: string };
    readonly target: { readonly averageValue?: string; readonly value?: string };
  };
}

export interface HorizontalPodAutoscaler extends KubeObject {
  readonly spec: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly metrics: readonly Metric[];
  };
}

export interface Conditioned extends KubeObject {
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
    readonly disruptionsAllowed?: number;
    readonly phase?: string;
  };
}

export interface Policy extends KubeObject {
  readonly spec: {
    readonly minAvailable?: number;
    readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly policyTypes?: readonly string[];
  };
}

export interface EndpointSlice extends KubeObject {
  readonly endpoints: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
  readonly ports: readonly { readonly name?: string; readonly port?: number }[] | null;
}

/** `Ready=True`, or what is known instead. */
export function condition({ status }: Conditioned, type: string): string {
  const found = status?.conditions?.find((one) => one.type === type);
  return found
    ? `${type}=${found.status}${found.status === 'True' ? '' : ` ${found.message ?? ''}`}`
    : `${type} unknown`;
}

/** [metric, target] as the table of releases has it. */
export function targetOf({ external, resource }: Metric): [string, string] {
  if (resource) return [resource.name, `${resource.target.averageUtilization ?? '?'} %`];
  return [external?.metric.name ?? '?', external?.target.averageValue ?? external?.target.value ?? '?'];
}
