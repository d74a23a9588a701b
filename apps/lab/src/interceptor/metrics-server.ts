import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers `/metrics` and `/livez`. */
export class MetricsServer {
  private readonly server: Server;

  constructor(text: () => string) {
    this.server = createServer((request, response) => {
      const known = request.url === '/metrics' || request.url === '/livez';
      response.writeHead(known ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(request.url === '/metrics' ? text() : known ? 'ok\n' : 'not found\n');
    });
  }

  /** Resolves to the port that it got. */
  listen(target: { readonly host: string; readonly port: number }): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(target, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
