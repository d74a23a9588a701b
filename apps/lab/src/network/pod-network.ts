import type { AddressPlan } from './address-book';

/** The variable that tells a pod's preload where it is. */
export const podNetworkVariable = 'SCALELAB_POD_NETWORK';

/** What a pod's preload is told. */
export interface PodNetwork {
  readonly plan: AddressPlan;
  /** Folder of the cluster's names. */
  readonly names: string;
  /** The pod's own address. */
  readonly address: string;
  readonly namespace: string;
  /** Host name inside the pod: the pod's name unless its spec says otherwise. */
  readonly hostname: string;
  /** Real ports that the kubelet has entered in the book for this container: bound as they are. */
  readonly reserved: readonly number[];
}

/** @throws Error when the variable is not what the lab wrote */
export function parsePodNetwork(text: string): PodNetwork {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null || !('plan' in parsed) || !('address' in parsed)) {
    throw new Error(
      `${podNetworkVariable} must be the JSON object that the lab sets, got ${text.slice(0, 80)}`,
    );
  }
  return parsed as PodNetwork;
}
