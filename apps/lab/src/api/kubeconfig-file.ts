import { chmodSync, writeFileSync } from 'node:fs';
import type { Kubeconfig } from '@scalelab/kube';

export interface KubeconfigOptions {
  /** `https://127.0.0.1:PORT`. */
  readonly server: string;
  /** PEM of the authority; absent for plain HTTP. */
  readonly authority: string;
  readonly token: string;
  /** Name of cluster, context and user. Default `scalelab`. */
  readonly name?: string;
}

/** The kubeconfig by which kubectl, Helm and our own client reach the lab. */
export function kubeconfigOf({ server, authority, token, name = 'scalelab' }: KubeconfigOptions): Kubeconfig {
  const ca = Buffer.from(authority).toString('base64');
  return {
    ...{ apiVersion: 'v1', kind: 'Config' },
    clusters: [{ name, cluster: { server, 'certificate-authority-data': ca } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'default' } }],
    'current-context': name,
  };
}

/** Writes it for its owner's eyes only; JSON is YAML too. */
export function writeKubeconfig(path: string, kubeconfig: Kubeconfig): void {
  writeFileSync(path, `${JSON.stringify(kubeconfig, null, 2)}\n`, { mode: 0o600 });
  // The mode above counts for new files only.
  chmodSync(path, 0o600);
}
