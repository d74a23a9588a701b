import type { Network } from './network';
import { patchConnect } from './preload/connect';
import { patchLookup } from './preload/lookup';

/**
 * Lets this process reach Services and pods by the cluster's names and addresses, as if in a pod of `namespace` that listens nowhere.
 * For clients that connect by themselves to what a server tells them, such as those of Kafka. Cannot be undone.
 */
export function joinNetwork(network: Network, namespace: string): void {
  const place = { ...network.place, namespace, address: '', hostname: '', reserved: [] };
  patchConnect(place, network.book, network.names);
  patchLookup(place, network.names);
}
