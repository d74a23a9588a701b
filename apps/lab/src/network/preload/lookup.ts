import dns from 'node:dns';
import net from 'node:net';
import type { NameBook, Resolution } from '../name-book';
import type { PodNetwork } from '../pod-network';

type Answer = (error: NodeJS.ErrnoException | null, ...values: unknown[]) => void;
type Find = (hostname: unknown) => Resolution;

/** Makes `dns.lookup` and `dns.resolve*`, with callbacks and with promises, know the cluster's names. */
export function patchLookup(network: PodNetwork, names: NameBook): void {
  const find: Find = (hostname) => {
    if (typeof hostname !== 'string' || net.isIP(hostname) !== 0) return undefined;
    if (hostname === network.hostname) return { kind: 'addresses', addresses: [network.address] };
    return names.resolve(hostname, network.namespace);
  };
  patchLookups(find);
  patchResolve(find, 'resolve');
  patchResolve(find, 'resolve4');
}

function patchLookups(find: Find): void {
  const lookup = dns.lookup;
  replace(dns, 'lookup', (hostname: string, ...rest: unknown[]): unknown => {
    const found = find(hostname);
    const callback = rest[rest.length - 1];
    if (found === undefined || typeof callback !== 'function')
      return Reflect.apply(lookup, dns, [hostname, ...rest]);
    if (found !== 'missing' && found.kind === 'alias')
      return Reflect.apply(lookup, dns, [found.name, ...rest]);
    const answer = callback as Answer;
    const { all, family } = lookupOptions(rest[0]);
    const addresses = found === 'missing' || family === 6 ? [] : found.addresses;
    process.nextTick(() => {
      if (addresses.length === 0) answer(notFound('getaddrinfo', hostname));
      else if (all) answer(null, addresses.map(ipv4));
      else answer(null, addresses[0], 4);
    });
    return {};
  });

  const promised = dns.promises.lookup;
  replace(dns.promises, 'lookup', async (hostname: string, options?: unknown): Promise<unknown> => {
    const found = find(hostname);
    if (found === undefined) return Reflect.apply(promised, dns.promises, [hostname, options]);
    if (found !== 'missing' && found.kind === 'alias')
      return Reflect.apply(promised, dns.promises, [found.name, options]);
    const { all, family } = lookupOptions(options);
    const addresses = found === 'missing' || family === 6 ? [] : found.addresses;
    const [first] = addresses;
    if (first === undefined) throw notFound('getaddrinfo', hostname);
    return all ? addresses.map(ipv4) : ipv4(first);
  });
}

function patchResolve(find: Find, method: 'resolve' | 'resolve4'): void {
  // resolve() takes a record type; only addresses are known here.
  const findA = (hostname: string, second: unknown): Resolution =>
    method === 'resolve4' || typeof second !== 'string' || second === 'A' ? find(hostname) : undefined;

  const original = dns[method] as (...args: unknown[]) => unknown;
  replace(dns, method, (hostname: string, ...rest: unknown[]): unknown => {
    const found = findA(hostname, rest[0]);
    const callback = rest[rest.length - 1];
    if (found === undefined || typeof callback !== 'function')
      return Reflect.apply(original, dns, [hostname, ...rest]);
    if (found !== 'missing' && found.kind === 'alias')
      return Reflect.apply(original, dns, [found.name, ...rest]);
    const answer = callback as Answer;
    process.nextTick(() =>
      found === 'missing' ? answer(notFound('queryA', hostname)) : answer(null, [...found.addresses]),
    );
    return {};
  });

  const promised = dns.promises[method] as (...args: unknown[]) => Promise<unknown>;
  replace(dns.promises, method, async (hostname: string, ...rest: unknown[]): Promise<unknown> => {
    const found = findA(hostname, rest[0]);
    if (found === undefined) return Reflect.apply(promised, dns.promises, [hostname, ...rest]);
    if (found === 'missing') throw notFound('queryA', hostname);
    return found.kind === 'alias'
      ? Reflect.apply(promised, dns.promises, [found.name, ...rest])
      : [...found.addresses];
  });
}

const ipv4 = (address: string) => ({ address, family: 4 });

function lookupOptions(options: unknown): { all: boolean; family: number } {
  if (typeof options === 'number') return { all: false, family: options };
  if (typeof options !== 'object' || options === null) return { all: false, family: 0 };
  const { all, family } = options as { all?: unknown; family?: unknown };
  return { all: all === true, family: family === 'IPv6' ? 6 : Number(family ?? 0) };
}

/** Keeps what hangs on the original: util.promisify reads it there. */
function replace(target: object, name: string, patched: (...args: never[]) => unknown): void {
  const original = Reflect.get(target, name) as object;
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(original, key);
    if (descriptor && key !== 'prototype') Object.defineProperty(patched, key, descriptor);
  }
  Reflect.set(target, name, patched);
}

function notFound(syscall: string, hostname: string): Error {
  return Object.assign(new Error(`${syscall} ENOTFOUND ${hostname}`), {
    code: 'ENOTFOUND',
    errno: -3008,
    syscall,
    hostname,
  });
}
