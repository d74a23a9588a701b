// Throughput through the interceptor against a direct connection to the same pod.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleOf, root } from '../../apps/sqs-worker/bench/programs.mjs';
import { labApi, untilSettled } from './lab-api.mjs';
import { labProcesses } from './lab.mjs';
import { launch } from './processes.mjs';
import { measuredRow, median, pairedRatios, skippedRow } from './row.mjs';
import { hasTaskset, hasWrk, httpLoad } from './wrk.mjs';

const rounds = 3;
const seconds = 3;
const host = 'web.bench';

const ways = [
  { id: 'interceptor-route', what: 'interceptor, HTTP route, against a direct connection' },
  { id: 'interceptor-service', what: 'interceptor, Service, against a direct connection' },
];

export async function benchInterceptor() {
  const missing = hasWrk ? (hasTaskset ? undefined : 'no taskset here') : 'no wrk here';
  if (missing) return ways.map((way) => skippedRow({ ...way, reach: { atLeast: 0.5 }, why: missing }));
  const runDir = mkdtempSync(join(tmpdir(), 'scalelab-bench-'));
  const manifest = join(import.meta.dirname, 'interceptor.yaml');
  const lab = launch(
    process.execPath,
    [bundleOf('lab'), '--no-defaults', '--run-dir', runDir, '--control-fd', '3', '--manifests', manifest],
    {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(root, '.cache', 'compile') },
    },
  );
  try {
    const ready = Promise.withResolvers();
    createInterface({ input: lab.child.stdio[3] }).on('line', (line) => ready.resolve(JSON.parse(line)));
    void lab.gone.then(() => ready.reject(new Error('the lab ended')));
    const { kubeconfig } = await ready.promise;
    const get = labApi(kubeconfig);
    await untilSettled(get);
    const urls = await addresses(get, runDir);
    // The pod alone on one core, the interceptor beside the load on the other: nothing that is compared shares the pod's core.
    const [pod] = (await get('/api/v1/namespaces/bench/pods')).items;
    pin(podProcess(pod), 0);
    pin(labProcesses(runDir).find(([name]) => name === 'interceptor')[1], 1);
    const rates = { direct: [], 'interceptor-route': [], 'interceptor-service': [] };
    const names = Object.keys(rates);
    const run = async (name, length) => {
      const routed = name === 'interceptor-route';
      return httpLoad(urls[name], { seconds: length, core: 1, ...(routed && { host }) });
    };
    for (const name of names) await run(name, 1);
    for (let round = 0; round < rounds; round += 1) {
      for (let turn = 0; turn < names.length; turn += 1) {
        const name = names[(round + turn) % names.length];
        rates[name].push((await run(name, seconds)).perSecond);
      }
    }
    return ways.map(({ id, what }) =>
      measuredRow({
        id,
        what,
        reach: { atLeast: 0.5 },
        unit: 'x',
        rounds: pairedRatios(rates[id], rates.direct),
        how: `wrk -t1 -c64 -d${seconds}s to one http-demo pod in a lab; the pod on core 0, interceptor and wrk on core 1; ${rounds} rounds in turn`,
        detail: {
          'through it, requests/s': Math.round(median(rates[id])),
          'direct, requests/s': Math.round(median(rates.direct)),
        },
      }),
    );
  } finally {
    await lab.stop();
    rmSync(runDir, { recursive: true, force: true });
  }
}

async function addresses(get, runDir) {
  const real = (address, port) => {
    const [to, at] = readlinkSync(join(runDir, 'net', 'addresses', address, String(port))).split(':');
    return `http://${to}:${at}/`;
  };
  const service = (await get('/api/v1/namespaces/bench/services/web')).spec.clusterIP;
  const proxy = (await get('/api/v1/namespaces/bench/services/proxy')).spec.clusterIP;
  const [pod] = (await get('/api/v1/namespaces/bench/pods')).items;
  return {
    direct: `http://${pod.status.podIP}:8080/`,
    'interceptor-service': real(service, 80),
    'interceptor-route': real(proxy, 8080),
  };
}

/** The process that listens at the pod's address. */
function podProcess(pod) {
  const { stdout } = spawnSync('ss', ['-Hltnp', `src ${pod.status.podIP}`], { encoding: 'utf8' });
  const pid = Number(/pid=(\d+)/.exec(stdout)?.[1]);
  if (!pid) throw new Error(`no process listens at ${pod.status.podIP}`);
  return pid;
}

function pin(pid, core) {
  const { status } = spawnSync('taskset', ['-acp', String(core), String(pid)]);
  if (status !== 0) throw new Error(`process ${pid} could not be put on core ${core}`);
}
