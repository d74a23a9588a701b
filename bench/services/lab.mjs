// The lab as a whole: `npm start` until everything stands, and what it costs when nothing happens.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { root } from '../../apps/sqs-worker/bench/programs.mjs';
import { labApi, untilSettled } from './lab-api.mjs';
import { cpuSecondsOf, launch, rssMegabytesOf } from './processes.mjs';
import { measuredRow } from './row.mjs';

const rounds = 3;
const settleMs = 20_000;
const windowMs = 60_000;

export async function benchLab() {
  const seconds = [];
  let idle;
  for (let round = 0; round < rounds; round += 1) {
    const lab = await start();
    seconds.push(lab.seconds);
    try {
      if (round === rounds - 1) idle = await measureIdle(lab.runDir);
    } finally {
      await lab.stop();
    }
  }
  const how = `the lab's three processes (lab, interceptor, reaper), ${settleMs / 1_000} s after every workload stood, over ${windowMs / 1_000} s without load; pods are not counted`;
  return [
    measuredRow({
      id: 'npm-start',
      what: 'npm start on an installed, built tree until all workloads are at their minimum',
      reach: { atMost: 8 },
      unit: 's',
      rounds: seconds,
      how: `npm start -- --idle, ${rounds} times, from its spawn until every Deployment has the ready pods that it wants, asked of the API every 50 ms`,
    }),
    measuredRow({
      id: 'lab-idle-cpu',
      what: 'lab with all workloads idle: CPU',
      reach: { atMost: 3 },
      unit: '% of a core',
      rounds: [idle.cpuPercent.total],
      how,
      detail: idle.cpuPercent,
    }),
    measuredRow({
      id: 'lab-idle-rss',
      what: 'lab with all workloads idle: RSS',
      reach: { atMost: 200 },
      unit: 'MB',
      rounds: [idle.rssMb.lab],
      how: 'VmRSS of the lab process; interceptor and reaper beside it in the detail',
      detail: idle.rssMb,
    }),
  ];
}

async function start() {
  const program = launch('npm', ['start', '--', '--idle'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...(process.env.NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS }),
    },
  });
  let said = '';
  const ready = Promise.withResolvers();
  program.child.stdout.on('data', (chunk) => {
    said += chunk;
    const kubeconfig = /lab ready .*KUBECONFIG=(\S+)/.exec(said)?.[1];
    if (kubeconfig) ready.resolve(kubeconfig);
  });
  void program.gone.then(() => ready.reject(new Error(`npm start ended: ${said}`)));
  const kubeconfig = await ready.promise;
  const runDir = dirname(kubeconfig);
  await untilSettled(labApi(kubeconfig));
  return {
    seconds: (performance.now() - program.startedAt) / 1_000,
    runDir,
    // To the tour alone, which stops the lab in order; npm ends after it.
    stop: async () => {
      process.kill(parentOf(labProcesses(runDir)[0][1]), 'SIGINT');
      await program.gone;
    },
  };
}

async function measureIdle(runDir) {
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const pids = labProcesses(runDir);
  const before = pids.map(([, pid]) => cpuSecondsOf(pid));
  const begin = performance.now();
  await new Promise((resolve) => setTimeout(resolve, windowMs));
  const seconds = (performance.now() - begin) / 1_000;
  const round = (value) => Number(value.toFixed(2));
  const cpu = pids.map(([name, pid], index) => [name, ((cpuSecondsOf(pid) - before[index]) / seconds) * 100]);
  const rss = pids.map(([name, pid]) => [name, rssMegabytesOf(pid)]);
  const summed = (entries) => ({
    total: round(entries.reduce((sum, [, value]) => sum + value, 0)),
    ...Object.fromEntries(entries.map(([name, value]) => [name, round(value)])),
  });
  return { cpuPercent: summed(cpu), rssMb: summed(rss) };
}

const entries = {
  'apps/lab/dist/main.cjs': 'lab',
  'interceptor.entry.cjs': 'interceptor',
  'reaper.entry.cjs': 'reaper',
};

/** The lab of a run folder: its own process is the parent of the interceptor and the reaper that carry the folder's mark. */
export function labProcesses(runDir) {
  const found = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      const name = Object.entries(entries).find(([file]) => words.includes(file))?.[1];
      if (!name) continue;
      const marked = readFileSync(`/proc/${pid}/environ`, 'latin1').includes(`SCALELAB_RUN_DIR=${runDir}`);
      found.push({ name, pid: Number(pid), parent: parentOf(pid), marked });
    } catch {
      // Gone since the folder was read.
    }
  }
  const own = found.filter(({ marked, name }) => marked && name !== 'lab');
  const lab = found.find(({ name, pid }) => name === 'lab' && own.some(({ parent }) => parent === pid));
  if (!lab || own.length === 0) throw new Error(`the processes of the lab in ${runDir} were not found`);
  return [lab, ...own].map(({ name, pid }) => [name, pid]);
}

function parentOf(pid) {
  return Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
}
