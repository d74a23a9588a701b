import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { resources } from '@scalelab/kube';
import { waitFor } from '@scalelab/testing';
import { RunningLab } from './running-lab';

const python = spawnSync('python3', ['-c', 'import http.server']).status === 0;
if (!python) process.stdout.write('skipped: no python3 on this machine\n');
const program = (name: string) => `python3 ${join(__dirname, 'programs', name)}`;

(python ? test : test.skip)(
  'a Python program with a metric of its own is scaled 0 -> 4 -> 0, and every item is taken once',
  async () => {
    const lab = await RunningLab.start({
      manifests: ['inbox.yaml'],
      images: { inbox: program('inbox.py'), clerk: program('clerk.py') },
    });
    const replicas = async () =>
      (await lab.client.getScale(resources.Deployment, 'office', 'clerk')).specReplicas;
    await waitFor(async () => (await lab.ready('office', 'inbox')) === 1, {
      timeoutMs: 15_000,
      what: 'the inbox',
    });
    const inbox = await lab.url('office', 'inbox', 8_000);
    const post = (path: string, body?: unknown) =>
      fetch(`${inbox}${path}`, {
        method: 'POST',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    expect(await replicas()).toBe(0);

    // 40 items at 10 a replica.
    const items = Array.from({ length: 40 }, (_, index) => `item-${index}`);
    await post('/items', items);
    await waitFor(async () => (await lab.ready('office', 'clerk')) >= 1, {
      timeoutMs: 15_000,
      what: 'the first clerk',
    });
    await waitFor(async () => (await lab.ready('office', 'clerk')) === 4, {
      timeoutMs: 30_000,
      what: 'four clerks',
    });
    expect(await replicas()).toBe(4);

    await post('/open');
    await waitFor(async () => (await replicas()) === 0, { timeoutMs: 30_000, what: 'the end of all clerks' });
    await waitFor(async () => (await lab.pods('office', 'clerk')).length === 0, { what: 'no pods' });
    const taken = (await (await fetch(`${inbox}/taken`)).json()) as Record<string, string[]>;
    expect(Object.values(taken).flat().toSorted()).toEqual(items.toSorted());
    expect(Object.keys(taken).length).toBeGreaterThan(1);
    expect(await lab.stop()).toEqual({ code: 0, signal: null });
  },
  120_000,
);
