import {
  HeapScheduler,
  InformerSet,
  resourceTypeOf,
  type KubeClient,
  type KubeObject,
  type ResourceType,
} from '@scalelab/kube';
import type { Logger } from '@scalelab/logging';
import type { LoadedManifest } from '@scalelab/manifests';
import { SampleStore } from '@scalelab/promql';
import { TriggerSources } from '@scalelab/triggers';
import { join } from 'node:path';
import { ApiServer, defaultsAdmission, validationAdmission, writeKubeconfig } from './api';
import { applyManifests } from './apply-manifests';
import {
  ensureNamespaces,
  EventRecorder,
  startControllers,
  systemNamespaces,
  type ControllerContext,
} from './controllers';
import type { ScaledObjectController } from './controllers/scaledobject';
import { labControllers } from './lab-controllers';
import { InterceptorProcess } from './interceptor';
import { RouteScaler } from './interceptor-scaler';
import { clusterAddress } from './cluster-address';
import { ImageMap, Kubelet } from './kubelet';
import { LabMetrics, MetricsPages } from './metrics';
import { DataPlane, Network } from './network';
import { publication, QueryServer, Scraper } from './prometheus';
import { Reaper } from './reaper';
import { Recorder, recordingHeader, RecordingFile } from './recorder';
import type { RunFolder } from './run-folder';
import { inProcessClient, ObjectStore } from './store';

export interface LabParts {
  /** The project's folder: services are run from its bundles. */
  readonly root: string;
  readonly folder: RunFolder;
  readonly speed: string;
  readonly images: readonly string[];
  readonly manifests: readonly LoadedManifest[];
  /** Default: in the run folder. */
  readonly recording: string | null;
  readonly port: number;
  readonly logger: Logger;
  /** Told of what stands in the way and will not go by itself. */
  readonly onProblem: (text: string) => void;
}

export interface RunningLab {
  readonly client: KubeClient;
  readonly recording: string;
  readonly kubeconfig: string;
  readonly url: string;
  /** Ends pods, emulators and everything else; resolves when nothing is left. */
  stop(): Promise<void>;
}

const version = '0.1.0';

/** Starts everything and applies the manifests; pods come up after it has resolved. */
export async function startLab(parts: LabParts): Promise<RunningLab> {
  const { folder, logger, root } = parts;
  const stopping = new AbortController();
  const scheduler = new HeapScheduler({
    onError: (error) => logger.error({ err: error }, 'a wake-up failed'),
  });
  const header = recordingHeader(parts.speed, Date.now(), { scalelab: version, node: process.versions.node });
  const recording = parts.recording ?? folder.file('recording.jsonl');
  const file = new RecordingFile(recording, header);
  const reaper = new Reaper({
    entry: join(root, 'apps/lab/dist/reaper.entry.cjs'),
    paths: [folder.path],
    mark: { name: 'SCALELAB_RUN_DIR', value: folder.path },
    onRestart: () => logger.warn('the reaper ended and was started again'),
  });
  const network = await Network.open({ runDir: folder.path });
  const store = new ObjectStore({ admission: [defaultsAdmission, validationAdmission] });
  const client = inProcessClient(store);
  const informers = new InformerSet({
    client,
    scheduler,
    onError: (type, error) =>
      logger.warn({ err: error, resource: type.plural }, 'a watch ended and was started again'),
  });
  let keda: ScaledObjectController | undefined;
  const interceptor = new InterceptorProcess({
    entry: join(root, 'apps/lab/dist/interceptor.entry.cjs'),
    plan: network.book.plan,
    logFile: folder.file('interceptor.log'),
    environment: { SCALELAB_RUN_DIR: folder.path },
    onGroup: reaper.note,
    onActive: (route) => keda?.push(route),
    onPortProblem: (service, message) => {
      logger.error({ service }, message);
      parts.onProblem(`Service ${service}: ${message}`);
    },
    onRestart: (exitCode) => logger.warn({ exitCode }, 'the interceptor ended and was started again'),
  });
  const routes = new RouteScaler({
    informers,
    scheduler,
    interceptor,
    onError: (error) => logger.warn({ err: error }, 'the interceptor did not tell its counts'),
  });
  const triggers = new TriggerSources({
    kube: client,
    interceptors: routes,
    resolveAddress: (address, namespace) => clusterAddress(network, address, namespace),
  });
  const dataPlane = new DataPlane({ client, scheduler, network, interceptor, logger });
  const samples = new SampleStore();
  const scraper = new Scraper({
    informers,
    scheduler,
    store: samples,
    monitorLabels: { release: 'kind-prometheus' },
    intervalMs: 30_000,
    connectTarget: (address, port) => network.book.connectTarget(address, port),
    onError: (target, error) => logger.debug({ err: error, target: target.labels }, 'a scrape failed'),
  });
  const images = new ImageMap({ root });
  for (const image of parts.images) images.addFlag(image);
  const kubelet = new Kubelet({
    client,
    scheduler,
    logger,
    images,
    network,
    runDir: folder.path,
    preload: join(root, 'apps/lab/dist/preload.entry.cjs'),
    compileCache: join(root, '.cache/compile'),
    onGroup: reaper.note,
  });
  const metrics = new LabMetrics({ informers, node: kubelet.node, usage: () => kubelet.totals() });
  const pages = new MetricsPages({
    metrics,
    interceptorPort: () => interceptor.metricsPort,
    targets: () =>
      scraper.targets.flatMap((target) => {
        const real = network.book.connectTarget(target.address, target.port);
        return real ? [{ ...target, ...real }] : [];
      }),
  });
  const queries = await QueryServer.listen({
    store: samples,
    now: () => scheduler.now(),
    targets: () => scraper.targets,
    pages: (path, host) => pages.read(path, host),
  });
  const recorder = new Recorder({ file, informers, now: () => scheduler.now() });
  const events = new EventRecorder({
    client,
    scheduler,
    onError: (error) => logger.debug({ err: error }, 'an event was not written'),
  });
  const context: ControllerContext = { client, informers, scheduler, events, log: logger };
  const api = new ApiServer({
    store,
    scheduler,
    port: parts.port,
    logs: kubelet,
    podUsage: kubelet,
    externalMetrics: {
      read: (...question) => keda?.read(...question) ?? Promise.reject(new Error('KEDA has not started yet')),
    },
    onError: (error, request) => logger.error({ err: error, ...request }, 'a request failed'),
  });
  await api.start();
  const kubeconfig = folder.file('kubeconfig');
  writeKubeconfig(kubeconfig, api.kubeconfig());
  await ensureNamespaces(client, systemNamespaces);
  await create(client, publication(queries.port));
  await dataPlane.start();
  await kubelet.start();
  await startControllers(
    context,
    labControllers({
      types: store.kinds.all().map(({ type }) => type),
      scaledJobs: {
        triggers,
        record: (atMs, record) => {
          recorder.scaledJobPoll(atMs, record);
          metrics.scaledJobPoll(record);
        },
      },
      hpa: {
        podMetrics: { usageOf: (namespace, name) => kubelet.usage({ namespace, name }) },
        record: (atMs, record) => {
          recorder.hpaSync(atMs, record);
          metrics.hpaSync(record);
        },
      },
      keda: {
        client,
        triggers,
        record: {
          poll: (atMs, record) => {
            recorder.kedaPoll(atMs, record);
            metrics.kedaPoll(record);
          },
          request: (atMs, record) => {
            recorder.metricRequest(atMs, record);
            metrics.metricRequest(record);
          },
        },
      },
      onKeda: (operator) => {
        keda = operator;
      },
    }),
    stopping.signal,
  );
  await applyManifests(client, parts.manifests);
  return {
    client,
    recording,
    kubeconfig,
    url: api.url,
    async stop() {
      stopping.abort();
      await api.stop();
      dataPlane.stop();
      scraper.stop();
      routes.stop();
      await kubelet.stop();
      await triggers.close();
      await interceptor.stop();
      await queries.close();
      scheduler.stop();
      file.close();
      await network.close();
      await reaper.release();
    },
  };
}

async function create(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  for (const object of objects) {
    const type = resourceTypeOf(object) as ResourceType;
    await client.create(type, object);
  }
}
