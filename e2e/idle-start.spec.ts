import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { kubeClientFromKubeconfig, resources, type KubeObject } from '@scalelab/kube';
import { waitFor } from '@scalelab/testing';
import { processesOf } from './leftovers';
import { nodeEnvironment, root } from './running-lab';

interface Deployment extends KubeObject {
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly readyReplicas?: number };
}

test('npm start -- --idle brings the workloads to their minimum, and Ctrl-C leaves nothing and says so', async () => {
  const child = spawn(process.execPath, [join(root, 'tools/start.mjs'), '--idle', '--only', 'http-demo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...nodeEnvironment },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  try {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const kubeconfig = await waitFor(() => /lab ready .*KUBECONFIG=(\S+)/.exec(said)?.[1], {
      timeoutMs: 60_000,
      what: 'the lab',
    });
    const runDir = dirname(kubeconfig);
    const client = kubeClientFromKubeconfig(kubeconfig);
    const deployments = await waitFor(
      async () => {
        const { items } = await client.list<Deployment>(resources.Deployment);
        const settled = items.every(({ spec, status }) => (status?.readyReplicas ?? 0) === spec.replicas);
        return settled ? items : undefined;
      },
      { timeoutMs: 30_000, what: 'every Deployment to have what it wants' },
    );
    expect(
      deployments
        .map(({ metadata, spec }) => `${metadata.namespace}/${metadata.name} ${spec.replicas}`)
        .sort(),
    ).toEqual(['http-demo/http-demo 1', 'lab-system/emulators 1']);
    client.close();
    expect(processesOf(runDir).length).toBeGreaterThanOrEqual(3);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(said).toContain('stopped: no process, port or temporary file is left\n');
    expect(processesOf(runDir)).toEqual([]);
    expect(existsSync(runDir)).toBe(false);
  } finally {
    child.kill('SIGTERM');
  }
}, 120_000);
