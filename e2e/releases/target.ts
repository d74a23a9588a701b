import { ClusterApi } from './cluster-api';

export interface Helm {
  readonly path: string;
  /** As Helm says it: v4.1.4, v3.22. */
  readonly version: string;
}

/** Where KEDA finds what the triggers ask, as it sees it. */
export interface Endpoints {
  readonly aws: string;
  readonly kafka: string;
  readonly prometheus: string;
  readonly httpScaler: string;
}

/** What `npm run e2e` was asked for. */
export interface Request {
  /** null: a lab of its own. */
  readonly kubeconfig: string | null;
  readonly context: string | null;
  /** Names of releases; empty: all. */
  readonly only: readonly string[];
  /** Whether CRDs that are missing may be put into the cluster for the time of the run. */
  readonly crds: boolean;
  /** Newest first. */
  readonly helms: readonly Helm[];
}

/** What the suites run against. */
export interface Target extends Request {
  readonly kind: 'cluster' | 'lab';
  readonly kubeconfig: string;
  /** `group/version/Kind` of everything that the API serves. */
  readonly served: readonly string[];
  /** Whether pods are played (kwok): nothing runs in them, and nobody answers. */
  readonly simulated: boolean;
  /** Without them the charts' own addresses hold. */
  readonly endpoints: Endpoints | null;
}

export const requestVariable = 'SCALELAB_E2E_REQUEST';
export const targetVariable = 'SCALELAB_E2E_TARGET';

export function request(): Request {
  return JSON.parse(process.env[requestVariable] ?? 'null') as Request;
}

export function target(): Target {
  const text = process.env[targetVariable];
  if (!text) throw new Error('these suites are run by "npm run e2e", which says against what');
  return JSON.parse(text) as Target;
}

export function apiOf({ context, kubeconfig }: Target): ClusterApi {
  return new ClusterApi(kubeconfig, context ?? undefined);
}

/** Says why something is not asserted, since a silent gap looks like a pass. */
export function skipped(what: string, why: string): void {
  process.stdout.write(`skipped: ${what}: ${why}\n`);
}
