import { resources, type KubeObject } from '@scalelab/kube';
import { waitFor } from '@scalelab/testing';
import { HelmInstaller, RenderInstaller, type Installer } from './installer';
import { deleteNamespace, makeNamespace } from './namespaces';
import type { Deployment } from './objects';
import { emulators, releases } from './releases';
import { apiOf, skipped, target as readTarget, type Helm } from './target';

const target = readTarget();
const api = apiOf(target);
const { client } = api;
const [newest] = target.helms as [Helm];
const helm = new HelmInstaller(target, newest);
const installer: Installer = target.kind === 'lab' ? new RenderInstaller(api, helm) : helm;

const installable = [emulators, ...releases].filter(({ needs }) =>
  needs.every((kind) => target.served.includes(kind)),
);
const chosen = installable.filter(({ name }) => target.only.length === 0 || target.only.includes(name));
// Simulated pods stay Running for ever.
const isReal = !target.simulated;
const expected = isReal ? 'Succeeded' : 'Running';
if (!isReal)
  skipped('the end of test pods', 'simulated pods never finish; they are admitted, scheduled and started');

interface Pod extends KubeObject {
  readonly spec: { readonly containers: readonly { readonly command: readonly string[] }[] };
  readonly status?: { readonly phase?: string };
}

beforeAll(async () => {
  // All of them: health-check passes only when the services that it checks answer.
  for (const release of installable) {
    await makeNamespace(api, release.namespace);
    await installer.install(release);
  }
  for (const { namespace, workloads } of installable)
    for (const { kind, name, scaler } of workloads) {
      if (kind !== 'Deployment' || scaler?.minimum === 0) continue;
      await waitFor(
        async () => {
          const { status } = await client.get<Deployment>(resources.Deployment, namespace, name);
          return (status?.readyReplicas ?? 0) > 0;
        },
        { timeoutMs: 60_000, intervalMs: 250, what: `${name} to be ready` },
      );
    }
}, 240_000);

afterAll(async () => {
  for (const release of installable.toReversed()) await installer.uninstall(release);
  for (const namespace of new Set(installable.map((release) => release.namespace)))
    await deleteNamespace(api, namespace);
  api.close();
}, 240_000);

/** Runs one pod to its end, or as far as the target takes it; @returns its last phase */
async function run(pod: KubeObject): Promise<string> {
  const { name, namespace } = pod.metadata;
  await client.create(resources.Pod, pod);
  try {
    const phases = isReal ? ['Succeeded', 'Failed'] : ['Running', 'Succeeded', 'Failed'];
    return await waitFor(
      async () => {
        const { status } = await client.get<Pod>(resources.Pod, namespace, name);
        return status?.phase !== undefined && phases.includes(status.phase) ? status.phase : undefined;
      },
      { timeoutMs: 120_000, intervalMs: 250, what: `the end of ${name}` },
    );
  } finally {
    await client.delete(resources.Pod, namespace, name, { gracePeriodSeconds: 0 });
  }
}

describe.each(chosen)('helm test of $name', (release) => {
  it(`has pods that ${isReal ? 'pass' : 'run'}`, async () => {
    const { tests } = await helm.render(release);
    expect(tests.length).toBeGreaterThan(0);
    for (const pod of tests)
      expect([pod.metadata.name, await run(pod)]).toEqual([pod.metadata.name, expected]);
  });
});

(isReal ? describe : describe.skip)('a test pod', () => {
  it('fails where there is nothing that it asks for', async () => {
    const { tests } = await helm.render(emulators);
    const harness = tests.find(({ metadata }) => metadata.name.endsWith('harness-can-fail')) as Pod;
    const [container] = harness.spec.containers;
    // Its own question, with the answer that it does not expect.
    const command = container?.command.map((part) =>
      part.replace('/no-such-path-of-this-service', '/readyz'),
    );
    const fooled = { ...harness, spec: { ...harness.spec, containers: [{ ...container, command }] } };
    expect(await run(fooled)).toBe('Failed');
  });
});
