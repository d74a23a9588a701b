import { createServer, type AddressInfo } from 'node:net';

/** A TCP port that was free on the address a moment ago. Prefer port 0; this is for what must know its port beforehand. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
