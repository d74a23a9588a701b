import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { tempDir } from '@scalelab/testing';
import { bundleEntry } from '../kubelet/testing/bundle-entry';
import { isAlive } from '../kubelet/testing/lab-node';
import { Network, type NetworkOptions } from './network';
import { hasPython, runScenario, type Findings } from './testing/scenario';
import { World } from './testing/world';

const bundles = tempDir('scalelab-bundles-');
chmodSync(bundles, 0o755);
const preload = bundleEntry('preload.entry', bundles);
const interceptor = bundleEntry('interceptor.entry', bundles);
const onLinux = process.platform === 'linux';

function expectFindings({ client, pods, python, short }: Findings): void {
  expect(pods).toEqual(['web-1', 'web-2']);
  expect(short.pod).toMatch(/^web-[12]$/);
  expect(client).toMatchObject({
    fetch: { port: 80, host: 'web.shop' },
    localhost: { own: true },
    loopback: { own: true },
    lookup: true,
    lookupAll: [{ address: client['address'], family: 4 }],
    resolve: true,
    resolvePromise: true,
    esm: true,
    missing: 'ENOTFOUND',
    missingSvc: 'ENOTFOUND',
    refused: 'ECONNREFUSED',
    shortFromElsewhere: 'ENOTFOUND',
  });
  if (python) expect(client['python']).toMatchObject({ python: true, web: expect.stringMatching(/^127\./) });
}

const modes: [string, Partial<NetworkOptions>][] = [
  ['where only 127.0.0.1 exists', { addresses: 'single' }],
  ...(onLinux
    ? ([
        ['on addresses of their own', { addresses: 'range' }],
        [
          'on addresses of their own, without the right to low ports',
          { addresses: 'range', lowestPort: 1024 },
        ],
      ] as [string, Partial<NetworkOptions>][])
    : []),
];

test.each(modes)('pods find and reach each other %s', async (_where, network) => {
  const runDir = tempDir('scalelab-net-');
  const world = await World.start({ runDir, preload, interceptor, network });
  let groups: number[] = [];
  try {
    expectFindings(await runScenario(world, runDir));
    groups = [...world.groups];
  } finally {
    await world.stop();
  }
  expect(groups.length).toBeGreaterThan(2);
  expect(groups.filter(isAlive)).toEqual([]);
});

test('all of it works for an unprivileged user', () => {
  const folder = tempDir('scalelab-nobody-');
  const runDir = join(folder, 'run');
  mkdirSync(runDir);
  const entry = join(folder, 'entry.ts');
  writeFileSync(
    entry,
    `import { World } from ${JSON.stringify(join(__dirname, 'testing', 'world'))};
     import { runScenario } from ${JSON.stringify(join(__dirname, 'testing', 'scenario'))};
     const runDir = process.argv[2] ?? '';
     const world = await World.start({ runDir, preload: ${JSON.stringify(preload)}, interceptor: ${JSON.stringify(interceptor)} });
     try {
       const findings = await runScenario(world, runDir);
       console.log(JSON.stringify({ findings, uid: process.getuid?.(), lowestPort: world.network.book.plan.lowestPort }));
     } finally {
       await world.stop();
     }
     process.exit(0);`,
  );
  const outfile = join(folder, 'scenario.mjs');
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    nodePaths: [join(__dirname, '..', '..', '..', '..', 'node_modules')],
    logLevel: 'error',
  });
  const root = process.getuid?.() === 0;
  const nobody = root ? { uid: 65_534, gid: 65_534 } : {};
  if (spawnSync(process.execPath, ['--version'], nobody).status !== 0) {
    console.info(`skipped: user 65534 may not run ${process.execPath}`);
    return;
  }
  if (root) {
    chmodSync(folder, 0o755);
    chownSync(runDir, 65_534, 65_534);
  }
  const result = spawnSync(process.execPath, [outfile, runDir], {
    encoding: 'utf8',
    timeout: 60_000,
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: runDir },
    ...nobody,
  });
  expect(result.stderr).toBe('');
  const told = JSON.parse(result.stdout) as { findings: Findings; uid: number; lowestPort: number };
  expect(told.uid).not.toBe(0);
  expectFindings(told.findings);
});

(onLinux && hasPython() ? test : test.skip)(
  'two replicas of a program that binds every address get a clear condition',
  async () => {
    const runDir = tempDir('scalelab-conflict-');
    const world = await World.start({ runDir, preload, interceptor, network: { addresses: 'range' } });
    try {
      const script = join(runDir, 'greedy.py');
      const port = 20_000 + (process.pid % 10_000);
      writeFileSync(
        script,
        `import socket, time\ns = socket.socket()\ns.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\ns.bind(("", ${port}))\ns.listen()\nwhile True: s.accept()\n`,
      );
      world.images.add('greedy', `python3 ${script}`);
      const container = {
        image: 'greedy',
        ports: [{ containerPort: port }],
        readinessProbe: { tcpSocket: { port } },
      };
      await world.pod('default', 'first', container);
      await world.until(
        'default',
        'first',
        (pod) => pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True',
        'ready',
      );
      await world.pod('default', 'second', container);
      const condition = (pod: {
        status?: { conditions?: readonly { type: string; reason?: string; message?: string }[] };
      }) => pod.status?.conditions?.find(({ type }) => type === 'PortsAvailable');
      const second = await world.until(
        'default',
        'second',
        (pod) => condition(pod) !== undefined,
        'told of the conflict',
      );
      expect(condition(second)).toMatchObject({
        status: 'False',
        reason: 'PortConflict',
        message:
          `port ${port} is taken on every address by pod default/first: two replicas cannot share it. ` +
          'Let the program listen on $(POD_IP), or on the port given as $(PORT)',
      });
    } finally {
      await world.stop();
    }
  },
);

test('a process that joins the network reaches the cluster by name', () => {
  const folder = tempDir('scalelab-join-');
  const entry = join(folder, 'entry.ts');
  // In a process of its own, since joining cannot be undone.
  writeFileSync(
    entry,
    `import http from 'node:http';
     import { joinNetwork } from ${JSON.stringify(join(__dirname, 'join'))};
     import { Network } from ${JSON.stringify(join(__dirname, 'network'))};
     const network = await Network.open({ runDir: ${JSON.stringify(folder)}, addresses: 'single' });
     const server = http.createServer((_request, response) => response.end('reached'));
     await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
     const { port } = server.address() as { port: number };
     const address = network.serviceAddress('shop/web');
     network.names.set('shop', 'web', { kind: 'addresses', addresses: [address] });
     network.book.enter(address, 80, { host: '127.0.0.1', port });
     joinNetwork(network, 'lab-system');
     const outside = await (await fetch('http://127.0.0.1:' + port)).text();
     console.log(outside, await (await fetch('http://web.shop/')).text(), await (await fetch('http://' + address)).text());
     process.exit(0);`,
  );
  const outfile = join(folder, 'join.mjs');
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'error',
  });
  const result = spawnSync(process.execPath, [outfile], { encoding: 'utf8', timeout: 15_000 });
  expect(result).toMatchObject({ stderr: '', stdout: 'reached reached reached\n' });
});

test('two labs on one machine never share an address', async () => {
  const first = await Network.open({ runDir: tempDir() });
  const second = await Network.open({ runDir: tempDir() });
  expect(first.cidr).not.toBe(second.cidr);
  expect(first.podAddress('a')).not.toBe(second.podAddress('a'));
  const { instance } = first;
  await expect(Network.open({ runDir: tempDir(), instance })).rejects.toThrow(
    `lab instance ${instance} is taken`,
  );
  await first.close();
  const third = await Network.open({ runDir: tempDir(), instance });
  expect(third.instance).toBe(instance);
  await second.close();
  await third.close();
});
