export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Says where an address that a manifest names is really reached, for a process outside the cluster's network and names.
 * Namespaces matter: `svc` alone means the one beside the ScaledObject.
 */
export type ResolveAddress = (address: Address, namespace: string) => Address | Promise<Address>;

/** The network's own names are good enough. */
export const sameAddress: ResolveAddress = (address) => address;

/** `host:port`, with brackets around IPv6. */
export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** @throws RangeError for text that is no `host:port` */
export function parseAddress(text: string): Address {
  const match = /^\[?([^[\]]+?)\]?:(\d+)$/.exec(text.trim());
  const port = Number(match?.[2]);
  if (!match?.[1] || port < 1 || port > 65_535)
    throw new RangeError(`expected host:port, got ${JSON.stringify(text)}`);
  return { host: match[1], port };
}

export function addressOfUrl(url: URL): Address {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port };
}
