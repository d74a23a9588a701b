import type { Address } from '@scalelab/triggers';
import type { Network } from './network';

/** Where a cluster name or address is really reached from the lab's own process; what is no name of the cluster stays as it is. */
export function clusterAddress(network: Network, { host, port }: Address, namespace: string): Address {
  const record = network.names.resolve(host, namespace);
  if (record === 'missing') throw new Error(`lookup ${host}: no such host`);
  if (record?.kind === 'alias') return { host: record.name, port };
  const address = record?.addresses[0] ?? host;
  if (!network.book.owns(address)) return { host: address, port };
  const real = network.book.connectTarget(address, port);
  if (!real) throw new Error(`nothing listens at ${host}:${port}`);
  return real;
}
