import { createServer } from 'node:net';
import type { Container } from '@scalelab/manifests';
import type { PodContext } from './pod-context';

/** Where a program that knows nothing of the lab is to listen: what it is told as POD_IP and PORT. */
export interface ReservedPort {
  readonly host: string;
  /** 0 when the container names no port. */
  readonly port: number;
  /** The port by which others know it; 0 when the container names none. */
  readonly containerPort: number;
}

/**
 * Finds the address and port for a container's first port. It is the pod's own address and the container's port wherever this user
 * may bind that; else, and whenever the manifest asks for `$(PORT)`, a free port that the address book maps to.
 */
export async function reservePort(
  context: PodContext,
  container: Container,
  asked: boolean,
): Promise<ReservedPort> {
  const { book } = context.options.network;
  const { podIP } = context.place;
  const containerPort = container.ports?.[0]?.containerPort ?? 0;
  const { host, port } = book.bindTarget(podIP, containerPort);
  if (containerPort === 0 || (port === containerPort && !asked)) return { host, port, containerPort };
  const free = await freePort(host);
  book.enter(podIP, containerPort, { host, port: free }, 0);
  return { host, port: free, containerPort };
}

/** A port of no fixed use on the address; the program binds it a moment later. */
async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port: 0, exclusive: true }, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
