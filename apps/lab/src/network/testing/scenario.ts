import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world';

/** A Node service that knows nothing of the lab: a wildcard bind on a low port. */
const webSource = `
const server = require('node:http').createServer((request, response) =>
  response.end(JSON.stringify({ pod: require('node:os').hostname(), port: server.address().port, host: request.headers.host })));
server.listen(80);
`;

/** A client that reaches others by every way a Node program has, and tells what it found. */
const clientSource = `
const dns = require('node:dns'), http = require('node:http'), net = require('node:net'), { promisify } = require('node:util');
const get = (url, agent) => new Promise((resolve, reject) =>
  http.get(url, { agent }, (response) => { let text = ''; response.on('data', (c) => (text += c)); response.on('end', () => resolve(JSON.parse(text))); }).on('error', reject));
const raw = (...target) => new Promise((resolve, reject) => {
  const socket = net.connect(...target);
  socket.once('error', reject);
  let text = '';
  socket.on('data', (c) => { text += c; if (text.includes('}')) { socket.destroy(); resolve(JSON.parse(text.slice(text.indexOf('{')))); } });
  socket.write('GET / HTTP/1.1\\r\\nhost: raw\\r\\n\\r\\n');
});
const code = (promise) => promise.then(() => 'no error', (error) => error.cause?.code ?? error.code);
const own = http.createServer((request, response) => response.end('{"own":true}'));
(async () => {
  await new Promise((resolve) => own.listen(81, 'localhost', resolve));
  const address = (await dns.promises.lookup('web.shop')).address;
  const keepAlive = new http.Agent({ keepAlive: true });
  const out = {
    fetch: await (await fetch('http://web.shop/')).json(),
    svc: await get('http://web.shop.svc/'),
    qualified: await get('http://web.shop.svc.cluster.local./'),
    agent: await get('http://web.shop:80/', keepAlive),
    numeric: await get('http://' + address + '/'),
    rawOptions: await raw({ host: 'web.shop', port: 80 }),
    rawPort: await raw(80, 'web.shop'),
    localhost: await get('http://localhost:81/'),
    loopback: await get('http://127.0.0.1:81/'),
    lookup: (await promisify(dns.lookup)('web.shop')).address === address,
    lookupAll: await promisify(dns.lookup)('web.shop', { all: true }),
    resolve: (await promisify(dns.resolve4)('web.shop'))[0] === address,
    resolvePromise: (await dns.promises.resolve('web.shop', 'A'))[0] === address,
    esm: await import('node:dns/promises').then(async (m) => (await m.lookup('web.shop')).address === address),
    missing: await code(fetch('http://nobody.shop/')),
    missingSvc: await code(get('http://nobody.nowhere.svc/')),
    refused: await code(get('http://web.shop:4321/')),
    shortFromElsewhere: await code(dns.promises.lookup('web.svc')),
    python: process.env.PYTHON ? await (await fetch('http://py.shop:9000/')).json() : null,
    address,
  };
  keepAlive.destroy();
  own.close();
  console.log(JSON.stringify(out));
})().then(() => process.exit(0), (error) => { console.log(error); process.exit(1); });
`;

const shortClientSource = `
fetch('http://web/').then((r) => r.json()).then((out) => { console.log(JSON.stringify(out)); process.exit(0); });
`;

/** A Python service that does what any program can: it listens where it is told. */
const pythonSource = `
import http.server, json, os, socket, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"python": True, "pod": os.environ["HOSTNAME"], "web": os.environ.get("WEB_SERVICE_HOST")}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
`;

export interface Findings {
  readonly client: Record<string, unknown>;
  readonly short: { readonly pod: string };
  /** Pods that answered twelve requests on one Service. */
  readonly pods: readonly string[];
  readonly python: boolean;
}

export function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Two replicas on port 80 behind a Service, clients in both namespaces, a Python service where Python is. */
export async function runScenario(world: World, folder: string): Promise<Findings> {
  const script = (name: string, source: string, extension = 'cjs'): string => {
    const file = join(folder, `${name}.${extension}`);
    writeFileSync(file, source);
    return file;
  };
  const node = process.execPath;
  world.images.add('web', `${node} ${script('web', webSource)}`);
  world.images.add('client', `${node} ${script('client', clientSource)}`);
  world.images.add('short', `${node} ${script('short', shortClientSource)}`);
  const web = {
    image: 'web',
    ports: [{ name: 'http', containerPort: 80 }],
    readinessProbe: { httpGet: { path: '/', port: 'http' } },
  };
  await world.pod('shop', 'web-1', web);
  await world.pod('shop', 'web-2', web);
  await world.service('shop', 'web', 80, 80, ['web-1', 'web-2']);

  const python = hasPython();
  if (python) {
    world.images.add('py', `python3 ${script('server', pythonSource, 'py')} $(POD_IP) $(PORT)`);
    const py = {
      image: 'py',
      ports: [{ containerPort: 9000 }],
      readinessProbe: { tcpSocket: { port: 9000 } },
    };
    await world.pod('shop', 'py-1', py);
    await world.pod('shop', 'py-2', py);
    await world.service('shop', 'py', 9000, 9000, ['py-1', 'py-2']);
  }
  const done = async (namespace: string, name: string): Promise<unknown> => {
    await world.until(namespace, name, ({ status }) => status?.phase === 'Succeeded', 'done');
    return JSON.parse(await world.log(namespace, name));
  };
  await world.pod('shop', 'short', { image: 'short' }, 'Never');
  await world.pod(
    'other',
    'client',
    { image: 'client', env: python ? [{ name: 'PYTHON', value: '1' }] : [] },
    'Never',
  );
  const short = (await done('shop', 'short')) as Findings['short'];
  const client = (await done('other', 'client')) as Findings['client'];
  const kinds = ['fetch', 'svc', 'qualified', 'agent', 'numeric', 'rawOptions', 'rawPort'];
  const pods = kinds.map((kind) => (client[kind] as { pod: string }).pod);
  return { client, short, pods: [...new Set(pods)].sort(), python };
}
