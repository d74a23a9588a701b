import { resources } from '@scalelab/kube';
import { waitFor } from '@scalelab/testing';
import { HelmInstaller } from './installer';
import { deleteNamespace, makeNamespace } from './namespaces';
import type { Deployment } from './objects';
import { releases, type Release } from './releases';
import { ReplicaHistory } from './replica-history';
import { sqs } from './signals';
import { apiOf, skipped, target as readTarget } from './target';

const target = readTarget();
const api = apiOf(target);
const { client } = api;
const release = releases.find(({ name }) => name === 'sqs-worker') as Release;
const { namespace } = release;
const revision = 'e2e.scalelab.dev/revision';
// Messages for five replicas at 20 each, which simulated pods leave alone.
const messages = 100;
const live = { 'sqs-worker': 5, 'sqs-worker-api': 4 };

/** The release with a template that differs, so that every pod is replaced; the api's pods report twice the CPU that its HPA aims at. */
function revised(number: number, worker: object = {}): Release {
  const annotations = { [revision]: String(number) };
  const api = {
    podAnnotations: { ...annotations, 'kwok.x-k8s.io/usage-cpu': '140m' },
    autoscaling: { maxReplicas: live['sqs-worker-api'] },
  };
  return { ...release, values: { components: { api, worker: { podAnnotations: annotations, ...worker } } } };
}

function deployment(name: string): Promise<Deployment> {
  return client.get<Deployment>(resources.Deployment, namespace, name);
}

/** Waits until all replicas of a Deployment are of this revision, and as many as wanted. */
function rolledOut(name: string, number: number, replicas: number, timeoutMs: number): Promise<unknown> {
  const what = `${replicas} replicas of ${name}, revision ${number}`;
  return waitFor(
    async () => {
      const { metadata, spec, status = {} } = await deployment(name);
      const annotations = (spec.template.metadata as { annotations?: Record<string, string> }).annotations;
      return (
        annotations?.[revision] === String(number) &&
        status.observedGeneration === metadata.generation &&
        spec.replicas === replicas &&
        status.updatedReplicas === replicas &&
        status.replicas === replicas &&
        status.readyReplicas === replicas
      );
    },
    { timeoutMs, intervalMs: 500, what },
  );
}

/** Who owns `spec.replicas`: managers that the API server noted. */
async function ownersOfReplicas(name: string): Promise<string[]> {
  const { metadata } = await deployment(name);
  const fields = metadata.managedFields as readonly { manager: string; fieldsV1?: { 'f:spec'?: object } }[];
  return fields
    .filter(({ fieldsV1 }) => 'f:replicas' in (fieldsV1?.['f:spec'] ?? {}))
    .map(({ manager }) => manager);
}

async function queueUrl(): Promise<string> {
  const { aws } = target.endpoints ?? { aws: '' };
  const { QueueUrl } = await sqs<{ QueueUrl: string }>(aws, 'GetQueueUrl', {
    QueueName: 'sqs-worker-messages',
  });
  return QueueUrl;
}

async function fillQueue(): Promise<void> {
  const { aws } = target.endpoints ?? { aws: '' };
  const QueueUrl = await queueUrl();
  for (let sent = 0; sent < messages; sent += 10) {
    const Entries = Array.from({ length: 10 }, (_, at) => ({
      Id: `m${at}`,
      MessageBody: `{"n":${sent + at}}`,
    }));
    await sqs(aws, 'SendMessageBatch', { QueueUrl, Entries });
  }
}

const helmItself: unknown = expect.stringMatching(/^helm/i);
const reason =
  target.kind === 'lab'
    ? 'the lab serves no OpenAPI, without which Helm does not upgrade'
    : !target.simulated || !target.served.includes('metrics.k8s.io/v1beta1/PodMetrics')
      ? 'needs simulated nodes (kwok), whose pods leave the queue alone, and metrics-server'
      : target.only.length > 0 && !target.only.includes('sqs-worker')
        ? 'sqs-worker is not among --only'
        : undefined;
if (reason) skipped('upgrades under an autoscaler', reason);

(reason ? describe.skip : describe).each(target.helms)('upgrade with Helm $version', (helm) => {
  const installer = new HelmInstaller(target, helm);

  beforeAll(async () => {
    await makeNamespace(api, namespace);
    await fillQueue();
    await installer.install(revised(1));
    await rolledOut('sqs-worker', 1, live['sqs-worker'], 120_000);
    await rolledOut('sqs-worker-api', 1, live['sqs-worker-api'], 300_000);
  }, 480_000);

  afterAll(async () => {
    await installer.uninstall(release);
    await deleteNamespace(api, namespace);
    await sqs(target.endpoints?.aws ?? '', 'PurgeQueue', { QueueUrl: await queueUrl() });
  });

  it('keeps the live replicas of KEDA and of the HPA while every pod is replaced', async () => {
    const seen = await ReplicaHistory.during(api, namespace, async () => {
      await installer.upgrade(revised(2));
      await rolledOut('sqs-worker', 2, live['sqs-worker'], 120_000);
      await rolledOut('sqs-worker-api', 2, live['sqs-worker-api'], 120_000);
    });
    expect(seen).toEqual({
      'sqs-worker': [live['sqs-worker']],
      'sqs-worker-api': [live['sqs-worker-api']],
    });
  });

  it('leaves spec.replicas to the autoscalers', async () => {
    for (const name of Object.keys(live)) expect(await ownersOfReplicas(name)).not.toContainEqual(helmItself);
  });

  it('is seen to change them when the chart renders a number', async () => {
    const seen = await ReplicaHistory.during(api, namespace, () =>
      installer.upgrade(revised(3, { autoscaling: { mode: 'none' }, replicas: 3 })),
    );
    // The autoscaler may have another word before it is removed: what counts is that three were seen.
    expect(seen['sqs-worker']?.slice(0, 2)).toEqual([live['sqs-worker'], 3]);
  });
});

afterAll(() => api.close());
