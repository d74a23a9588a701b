import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

/** A webhook on loopback that keeps what it got. */
export interface Webhook {
  readonly url: string;
  readonly bodies: readonly string[];
  close(): void;
}
/** @param statuses of the first answers; 200 after them */
export async function webhook(statuses: readonly number[] = []): Promise<Webhook> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      response.writeHead(statuses[bodies.length] ?? 200).end();
      bodies.push(body);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hooks/T0P-S3CRET`, bodies, close: () => server.close() };
}
