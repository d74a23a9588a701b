import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface OciRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** `name:tag` -> digest, as pushed. */
  readonly tags: ReadonlyMap<string, string>;
  readonly blobs: ReadonlyMap<string, Buffer>;
  close(): void;
}

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** As much of the OCI distribution API as a push and a pull of one artifact need, in memory, on loopback. */
export async function ociRegistry(): Promise<OciRegistry> {
  const tags = new Map<string, string>();
  const blobs = new Map<string, Buffer>();
  const types = new Map<string, string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const url = new URL(request.url ?? '', 'http://registry');
      const [, name = '', kind = '', reference = ''] =
        /^\/v2\/(.+)\/(blobs|manifests)\/(.*)$/.exec(url.pathname) ?? [];
      const answer = (status: number, headers: Record<string, string | number> = {}, content?: Buffer) =>
        response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : content);
      if (url.pathname === '/v2/') return answer(200);
      if (request.method === 'POST') return answer(202, { location: `/v2/${name}/blobs/uploads/1` });
      if (request.method === 'PUT') {
        const digest = digestOf(body);
        blobs.set(digest, body);
        if (kind === 'manifests') {
          types.set(digest, request.headers['content-type'] ?? '');
          tags.set(`${name}:${reference}`, digest);
        }
        return answer(201, { location: url.pathname, 'docker-content-digest': digest });
      }
      const digest = tags.get(`${name}:${reference}`) ?? reference;
      const found = blobs.get(digest);
      if (!found) return answer(404);
      return answer(
        200,
        {
          'content-type': types.get(digest) ?? 'application/octet-stream',
          'content-length': found.length,
          'docker-content-digest': digest,
        },
        found,
      );
    });
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    tags,
    blobs,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
