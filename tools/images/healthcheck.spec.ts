import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AddressInfo } from 'node:net';

let folder: string;
let server: Server;
let port: number;
let status: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'scalelab-healthcheck-spec-'));
  copyFileSync(join(__dirname, 'healthcheck.cjs'), join(folder, 'healthcheck.cjs'));
  status = 200;
  server = createServer((req, res) => res.writeHead(req.url === '/readyz' ? status : 404).end());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  await new Promise((done) => server.close(done));
  rmSync(folder, { recursive: true, force: true });
});

function healthcheck(
  targets: object,
  env: Record<string, string> = {},
): Promise<{ code: number | null; said: string }> {
  writeFileSync(join(folder, 'healthcheck.json'), JSON.stringify(targets));
  const child = spawn(process.execPath, [join(folder, 'healthcheck.cjs')], { env: { ...env } });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  return new Promise((done) => child.once('close', (code) => done({ code, said })));
}

describe('health check of an image', () => {
  it('passes when /readyz answers 200 on the default port', async () => {
    expect(await healthcheck({ health: { variable: 'PORT', port } })).toEqual({ code: 0, said: '' });
  });

  it('asks the port that the service was told', async () => {
    const result = await healthcheck({ health: { variable: 'PORT', port: 1 } }, { PORT: String(port) });
    expect(result.code).toBe(0);
  });

  it('asks the worker’s port with ROLE=worker', async () => {
    const targets = {
      health: { variable: 'PORT', port: 1 },
      workerHealth: { variable: 'METRICS_PORT', port },
    };
    expect((await healthcheck(targets, { ROLE: 'worker' })).code).toBe(0);
    expect((await healthcheck(targets, { ROLE: 'api' })).code).toBe(1);
  });

  it('fails and says the status when the service is not ready', async () => {
    status = 503;
    expect(await healthcheck({ health: { variable: 'PORT', port } })).toEqual({
      code: 1,
      said: `http://127.0.0.1:${port}/readyz: status 503\n`,
    });
  });

  it('fails and says why when nobody answers', async () => {
    const { code, said } = await healthcheck({ health: { variable: 'PORT', port: 1 } });
    expect(code).toBe(1);
    expect(said).toContain('ECONNREFUSED');
  });

  it('passes for a job, which has no port', async () => {
    expect(await healthcheck({ health: null })).toEqual({ code: 0, said: '' });
  });
});
