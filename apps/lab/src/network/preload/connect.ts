import net from 'node:net';
import type { AddressBook, RealAddress } from '../address-book';
import type { NameBook } from '../name-book';
import type { PodNetwork } from '../pod-network';
import { isLoopback } from './loopback';

type Callback = () => void;

interface Target {
  readonly options: net.TcpNetConnectOpts;
  readonly callback: Callback | undefined;
}

/** Makes every outgoing TCP connection of this process go where the cluster's names and addresses really are. */
export function patchConnect(network: PodNetwork, book: AddressBook, names: NameBook): void {
  const prototype = net.Socket.prototype;
  const original = prototype.connect as (this: net.Socket, ...args: unknown[]) => net.Socket;

  const connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
    const target = parse(args);
    if (!target) return original.apply(this, args);
    const host = target.options.host ?? 'localhost';
    const port = Number(target.options.port);
    const address = logicalAddress(host, port);
    if (address === undefined) return original.apply(this, args);
    const real = address === 'missing' ? undefined : book.connectTarget(address, port);
    if (!real) return refuse(this, host, port, address === 'missing');
    return original.call(this, redirected(target.options, real), target.callback);
  };

  /** The lab address meant by a host; undefined = not the lab's business. */
  const logicalAddress = (host: string, port: number): string | undefined => {
    if (book.owns(host)) return host;
    // A pod's localhost is the pod, as far as this pod listens there; a server of the machine's owner stays reachable.
    if (isLoopback(host)) return book.lookup(network.address, port) ? network.address : undefined;
    if (host === network.hostname && host !== '') return network.address;
    if (net.isIP(host) !== 0) return undefined;
    const record = names.resolve(host, network.namespace);
    if (record === undefined || record === 'missing') return record;
    if (record.kind === 'alias') return undefined;
    const { addresses } = record;
    return addresses[Math.floor(Math.random() * addresses.length)] ?? 'missing';
  };

  prototype.connect = connect as typeof prototype.connect;
}

/** net.connect passes one array [options, callback]; users pass (options, callback), (port, host, callback) or (path, callback). */
function parse(args: readonly unknown[]): Target | undefined {
  const [first, second, third] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  const callback = [first, second, third].find((a) => typeof a === 'function') as Callback | undefined;
  if (typeof first === 'object' && first !== null) {
    const options = first as net.TcpNetConnectOpts & { path?: unknown };
    return options.path === undefined || options.path === null ? { options, callback } : undefined;
  }
  if (typeof first !== 'number' && !(typeof first === 'string' && /^\d+$/.test(first))) return undefined;
  return {
    options: { port: Number(first), ...(typeof second === 'string' ? { host: second } : {}) },
    callback,
  };
}

function redirected(options: net.TcpNetConnectOpts, real: RealAddress): net.TcpNetConnectOpts {
  return { ...options, host: real.host, port: real.port };
}

function refuse(socket: net.Socket, host: string, port: number, unknownName: boolean): net.Socket {
  const error = unknownName
    ? Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
        code: 'ENOTFOUND',
        errno: -3008,
        syscall: 'getaddrinfo',
        hostname: host,
      })
    : Object.assign(new Error(`connect ECONNREFUSED ${host}:${port}`), {
        code: 'ECONNREFUSED',
        errno: -111,
        syscall: 'connect',
        address: host,
        port,
      });
  process.nextTick(() => socket.destroy(error));
  return socket;
}
