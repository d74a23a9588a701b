import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { waitFor } from '@scalelab/testing';
import { processesOf } from './leftovers';
import { RunningLab } from './running-lab';

const images = {
  web: `node ${join(__dirname, 'programs', 'web.mjs')}`,
  caller: `node ${join(__dirname, 'programs', 'caller.mjs')}`,
};

/** A lab whose pods run and whose Service answers. */
async function busyLab() {
  const lab = await RunningLab.start({ manifests: ['shop.yaml'], images });
  await waitFor(async () => (await lab.ready('shop', 'web')) === 2, {
    timeoutMs: 20_000,
    what: 'the pods of web',
  });
  const url = await waitFor(() => lab.url('shop', 'web', 80));
  expect((await fetch(url)).status).toBe(200);
  // Three pods and the interceptor at least: without them the checks below could not fail.
  expect(processesOf(lab.runDir).length).toBeGreaterThanOrEqual(4);
  return { lab, url };
}

async function expectNothingLeft({ lab, url }: Awaited<ReturnType<typeof busyLab>>) {
  await waitFor(() => processesOf(lab.runDir).length === 0, {
    what: 'the end of every process',
  });
  await waitFor(() => !existsSync(lab.runDir), { what: 'the run folder to go' });
  expect(await accepts(url)).toBe(false);
}

function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 80) });
    socket
      .once('error', () => resolve(false))
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      });
  });
}

test('a lab that is killed with -9 leaves no process, port or folder', async () => {
  const scene = await busyLab();
  scene.lab.kill('SIGKILL');
  expect(await scene.lab.ended).toEqual({ code: null, signal: 'SIGKILL' });
  await expectNothingLeft(scene);
}, 60_000);

test('SIGTERM ends everything in order and the lab with 0', async () => {
  const scene = await busyLab();
  scene.lab.kill('SIGTERM');
  expect(await scene.lab.ended).toEqual({ code: 0, signal: null });
  expect(scene.lab.complaints).toBe('');
  await expectNothingLeft(scene);
}, 60_000);

test('it ends like that, too, when whoever started it is gone', async () => {
  const scene = await busyLab();
  scene.lab.abandon();
  expect(await scene.lab.ended).toEqual({ code: 0, signal: null });
  await expectNothingLeft(scene);
}, 60_000);

test('a second SIGINT ends it at once, and nothing is left all the same', async () => {
  const scene = await busyLab();
  scene.lab.kill('SIGINT');
  scene.lab.kill('SIGINT');
  const { code } = await scene.lab.ended;
  // The signals may arrive as one.
  expect([0, 130]).toContain(code);
  await expectNothingLeft(scene);
}, 60_000);
