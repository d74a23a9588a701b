import cluster from 'node:cluster';
import net from 'node:net';
import type { AddressBook } from '../address-book';
import type { PodNetwork } from '../pod-network';
import { isLoopback, isWildcard } from './loopback';

interface Bound {
  readonly server: net.Server;
  readonly port: number;
}

/**
 * Makes servers of this process listen on the pod's own address when they ask for every address or for localhost, and enters each in
 * the address book, whatever port it really got.
 */
export function patchListen(network: PodNetwork, book: AddressBook): void {
  const prototype = net.Server.prototype;
  const original = prototype.listen as (this: net.Server, ...args: unknown[]) => net.Server;
  const bound = new Set<Bound>();

  const listen = function (this: net.Server, ...args: unknown[]): net.Server {
    const request = parse(args);
    if (!request || !isOurs(request.options.host ?? '', network)) return original.apply(this, args);
    const logicalPort = Number(request.options.port ?? 0);
    const target = book.bindTarget(network.address, logicalPort);
    if (network.reserved.includes(logicalPort)) {
      return original.call(
        this,
        { ...request.options, host: target.host, port: logicalPort },
        request.callback,
      );
    }
    const mapped = (target.port !== logicalPort && logicalPort !== 0) || target.host !== network.address;
    if (mapped && logicalPort !== 0 && isTaken(book, network.address, logicalPort)) {
      return failInUse(this, network.address, logicalPort);
    }
    this.prependOnceListener('listening', () => {
      const real = realAddress(this);
      if (!real) return;
      const port = logicalPort === 0 ? real.port : logicalPort;
      book.enter(network.address, port, real);
      if (mapped) pretend(this, network.address, port);
      const entry = { server: this, port };
      bound.add(entry);
      this.once('close', () => {
        bound.delete(entry);
        book.leave(network.address, port, process.pid);
      });
    });
    return original.call(
      this,
      { ...request.options, host: target.host, port: target.port },
      request.callback,
    );
  };

  prototype.listen = listen as typeof prototype.listen;
  process.on('exit', () => {
    for (const { port } of bound) book.leave(network.address, port, process.pid);
  });
}

interface ListenRequest {
  readonly options: net.ListenOptions;
  readonly callback: (() => void) | undefined;
}

/** listen(options, cb) or listen([port][, host][, backlog][, cb]); undefined for pipes, file descriptors and ready handles. */
function parse(args: readonly unknown[]): ListenRequest | undefined {
  const [first] = args;
  const callback = args.find((a) => typeof a === 'function') as (() => void) | undefined;
  if (typeof first === 'object' && first !== null) {
    const options = first as net.ListenOptions & { fd?: unknown; handle?: unknown; _handle?: unknown };
    const elsewhere = options.path ?? options.fd ?? options.handle ?? options._handle;
    const hasPort = 'port' in options || Object.keys(options).length === 0;
    return elsewhere === undefined && hasPort ? { options, callback } : undefined;
  }
  if (typeof first === 'string' && !/^\d+$/.test(first)) return undefined;
  const host = args.slice(1).find((a) => typeof a === 'string') as string | undefined;
  const backlog = args.slice(1).find((a) => typeof a === 'number') as number | undefined;
  const port = typeof first === 'number' || typeof first === 'string' ? Number(first) : 0;
  return {
    options: { port, ...(host === undefined ? {} : { host }), ...(backlog === undefined ? {} : { backlog }) },
    callback,
  };
}

function isOurs(host: string, network: PodNetwork): boolean {
  return isWildcard(host) || isLoopback(host) || host === network.address || host === network.hostname;
}

function realAddress(server: net.Server): { host: string; port: number } | undefined {
  const address = server.address();
  return address === null || typeof address === 'string'
    ? undefined
    : { host: address.address, port: address.port };
}

/** A mapped server tells its owner the address by which others reach it; so do its connections, which brokers pass on to clients. */
function pretend(server: net.Server, address: string, port: number): void {
  server.address = () => (server.listening ? { address, family: 'IPv4', port } : null);
  const own = { localAddress: { value: address }, localPort: { value: port } };
  server.prependListener('connection', (socket) => void Object.defineProperties(socket, own));
}

/** Whether another live process, or this one, serves a mapped port. Workers of a cluster share theirs. */
function isTaken(book: AddressBook, address: string, port: number): boolean {
  const entry = book.lookup(address, port);
  // Without a process it is the kubelet's offer to a program that asks for its port: this one does not.
  if (!entry || entry.pid === 0 || cluster.isWorker) return false;
  try {
    return process.kill(entry.pid, 0);
  } catch {
    return false;
  }
}

function failInUse(server: net.Server, address: string, port: number): net.Server {
  const error = Object.assign(new Error(`listen EADDRINUSE: address already in use ${address}:${port}`), {
    code: 'EADDRINUSE',
    errno: -98,
    syscall: 'listen',
    address,
    port,
  });
  process.nextTick(() => server.emit('error', error));
  return server;
}
