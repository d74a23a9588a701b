import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir, waitFor } from '@scalelab/testing';
import { bundleEntry } from '../kubelet/testing/bundle-entry';
import { Estate } from './estate';
import { markedProcesses } from './marked-processes';
import { Reaper } from './reaper';

const folder = tempDir('scalelab-reaper-');
const entry = bundleEntry('reaper.entry', folder);
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** A lab that starts a pod with a child, tells its reaper, and waits to be killed. */
function startLab(runDir: string, extra = ''): ChildProcess {
  mkdirSync(runDir, { recursive: true });
  const pod = `
    const { spawn } = require('node:child_process');
    const { writeFileSync } = require('node:fs');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const stray = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true });
    writeFileSync(process.argv[1], JSON.stringify([process.pid, child.pid, stray.pid]));
    setInterval(() => {}, 1000);`;
  const lab = `
    const { spawn } = require('node:child_process');
    const options = { stdio: ['pipe', 'ignore', 'ignore'], detached: true };
    const reaper = spawn(process.execPath, [${JSON.stringify(entry)}], options);
    reaper.stdin.write(JSON.stringify({ path: ${JSON.stringify(runDir)} }) + '\\n');
    reaper.stdin.write(JSON.stringify({ mark: { name: 'SCALELAB_RUN_DIR', value: ${JSON.stringify(runDir)} } }) + '\\n');
    const pod = spawn(process.execPath, ['-e', ${JSON.stringify(pod)}, ${JSON.stringify(join(folder, 'pids'))}], {
      detached: true, stdio: 'ignore', env: { ...process.env, SCALELAB_RUN_DIR: ${JSON.stringify(runDir)} } });
    reaper.stdin.write(JSON.stringify({ group: pod.pid }) + '\\n');
    require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'reaper'))}, String(reaper.pid));
    ${extra}
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', lab], { stdio: 'ignore' });
  started.push(child);
  return child;
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'a lab ended by %s leaves no process, child, stray or folder',
  async (signal) => {
    const runDir = join(folder, `run-${signal}`);
    writeFileSync(join(folder, 'pids'), '');
    const lab = startLab(runDir);
    const pids = await waitFor(() => JSON.parse(readFileSync(join(folder, 'pids'), 'utf8')) as number[], {
      what: 'the pod',
    });
    await waitFor(() => pids.length === 3 && pids.every(isAlive), { what: 'all three' });
    const reaper = Number(readFileSync(join(folder, 'reaper'), 'utf8'));
    lab.kill(signal);
    await waitFor(() => !pids.some(isAlive) && !isAlive(reaper), { what: 'everything ended' });
    expect(existsSync(runDir)).toBe(false);
    expect(markedProcesses('SCALELAB_RUN_DIR', runDir)).toEqual([]);
  },
);

test('a group that ended by itself is left alone, and its number is free for others', async () => {
  const other = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
  started.push(other);
  const reaper = new Reaper({ entry, paths: [] });
  reaper.watch(other.pid ?? 0);
  reaper.forget(other.pid ?? 0);
  await reaper.release();
  expect(isAlive(other.pid ?? 0)).toBe(true);
});

test('a reaper that is killed is started again and knows everything', async () => {
  const pod = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
  started.push(pod);
  const doomed = join(folder, 'doomed');
  mkdirSync(doomed);
  const restarted = jest.fn();
  const reaper = new Reaper({ entry, paths: [doomed], onRestart: restarted });
  reaper.watch(pod.pid ?? 0);
  const first = reaper.pid ?? 0;
  process.kill(first, 'SIGKILL');
  await waitFor(() => reaper.pid !== first && restarted.mock.calls.length === 1, { what: 'a new reaper' });
  await reaper.release();
  await waitFor(() => !isAlive(pod.pid ?? 0), { what: 'the pod ended' });
  expect(existsSync(doomed)).toBe(false);
});

test('neither everybody nor the root folder can be meant', () => {
  const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  const estate = new Estate();
  for (const message of [{ group: 0 }, { group: 1 }, { group: -1 }, { path: '/' }, { path: 'relative' }])
    estate.take(message);
  estate.clear();
  expect(kill).not.toHaveBeenCalled();
  kill.mockRestore();
});
