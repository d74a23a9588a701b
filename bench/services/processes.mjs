// Children of a bench: every one ends with it, however it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';

const children = new Set();
const endAll = () => {
  for (const { pid } of children) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
};
process.on('exit', endAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

/** Starts a program in a process group of its own; `core` pins it and what it starts. */
export function launch(command, args, { core, ...options } = {}) {
  const words = core === undefined ? [command, ...args] : ['taskset', '-c', String(core), command, ...args];
  const startedAt = performance.now();
  const child = spawn(words[0], words.slice(1), {
    stdio: ['ignore', 'ignore', 'inherit'],
    ...options,
    detached: true,
  });
  children.add(child);
  const gone = once(child, 'exit').then(() => children.delete(child));
  return {
    child,
    startedAt,
    gone,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await gone;
    },
  };
}

/** Milliseconds from the start until something accepts connections there. */
export async function untilListening(program, port, { host = '127.0.0.1', timeoutMs = 20_000 } = {}) {
  for (;;) {
    if (await accepts(host, port)) return performance.now() - program.startedAt;
    if (performance.now() - program.startedAt > timeoutMs)
      throw new Error(`nothing listens on ${host}:${port}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function accepts(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

export function cpuSecondsOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Of all living processes of a group: a server with workers. */
export function cpuSecondsOfGroup(group) {
  let seconds = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(fields[2]) === group) seconds += (Number(fields[11]) + Number(fields[12])) / 100;
    } catch {
      // Gone since the folder was read.
    }
  }
  return seconds;
}

export function rssMegabytesOf(pid) {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;
}
