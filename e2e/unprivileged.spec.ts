import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { resources, type KubeObject } from '@scalelab/kube';
import { waitFor } from '@scalelab/testing';
import { labBundle, RunningLab } from './running-lab';

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const reads =
  !isRoot ||
  spawnSync(process.execPath, ['-e', 'require("node:fs").accessSync(process.argv[1])', labBundle()], {
    uid: nobody,
    gid: nobody,
  }).status === 0;
if (!reads) process.stdout.write(`skipped: user ${nobody} may not read this checkout or run its Node\n`);

(reads ? test : test.skip)(
  'an ordinary user gets a Service on port 80, pods that listen there, and its name inside pods',
  async () => {
    const lab = await RunningLab.start({
      manifests: ['shop.yaml'],
      images: {
        web: `node ${join(__dirname, 'programs', 'web.mjs')}`,
        caller: `node ${join(__dirname, 'programs', 'caller.mjs')}`,
      },
      ...(isRoot ? { user: nobody } : {}),
    });
    await waitFor(async () => (await lab.ready('shop', 'web')) === 2, {
      timeoutMs: 20_000,
      what: 'the pods of web',
    });
    const heard = await waitFor(
      async () => {
        const [caller] = await lab.pods('shop', 'caller');
        return / answered 200 (\S+)/.exec(await lab.log('shop', caller?.metadata.name ?? ''))?.[1];
      },
      { timeoutMs: 15_000, intervalMs: 100, what: 'an answer to the pod that calls http://web.shop/' },
    );
    expect((await lab.pods('shop', 'web')).map(({ metadata }) => metadata.name)).toContain(heard);
    const service = await lab.client.get<KubeObject & { spec: { ports: { port: number }[] } }>(
      resources.Service,
      'shop',
      'web',
    );
    expect(service.spec.ports).toEqual([expect.objectContaining({ port: 80 })]);
    expect(await lab.stop()).toEqual({ code: 0, signal: null });
  },
  60_000,
);
