import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resources } from '@scalelab/kube';
import { decodeRecording, type TimedLine } from '@scalelab/recording';
import type { ControllerContext } from '../controllers/controller';
import { DeploymentController } from '../controllers/deployment/deployment-controller';
import { ReplicaSetController } from '../controllers/replicaset/replicaset-controller';
import {
  controllerWorld,
  deploymentOf,
  startMs,
  type ControllerWorld,
} from '../controllers/testing/controller-world';
import { Recorder } from './recorder';
import { recordingHeader } from './header';
import { RecordingFile } from './recording-file';

const scaledObject = (pollingInterval: number) => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'shop', namespace: 'default' },
  spec: {
    scaleTargetRef: { name: 'shop' },
    pollingInterval,
    triggers: [{ type: 'external-push', metadata: { interceptorRoute: 'shop', scalerAddress: 'keda:9090' } }],
  },
});

describe('Recorder', () => {
  let folder: string;
  let path: string;
  let file: RecordingFile;
  let recorder: Recorder;
  let world: ControllerWorld;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'recorder-'));
    path = join(folder, 'recording.jsonl');
    file = new RecordingFile(path, recordingHeader('demo', startMs, {}));
    world = await controllerWorld([
      (context: ControllerContext) => {
        const { informers, scheduler } = context;
        recorder = new Recorder({ file, informers, now: () => scheduler.now() });
        return new DeploymentController(context);
      },
      (context: ControllerContext) => new ReplicaSetController(context),
    ]);
  });
  afterEach(() => {
    world.stop();
    file.close();
    rmSync(folder, { recursive: true });
  });

  function lines<K extends TimedLine['kind']>(kind: K): Extract<TimedLine, { kind: K }>[] {
    file.flush();
    return decodeRecording(readFileSync(path, 'utf8')).recording.lines.filter(
      (line): line is Extract<TimedLine, { kind: K }> => line.kind === kind,
    );
  }

  it('writes down what decides about scaling, a route with its target among it, and not its status', async () => {
    await world.client.create(resources.ScaledObject, scaledObject(30));
    await world.client.create(resources.InterceptorRoute, {
      apiVersion: 'http.keda.sh/v1beta1',
      kind: 'InterceptorRoute',
      metadata: { name: 'shop', namespace: 'default' },
      spec: { scalingMetric: { requestRate: { targetValue: 20 } } },
    });
    await world.clock.advance(2_000);
    const stored = world.store.get(resources.ScaledObject, 'default', 'shop');
    await world.client.updateStatus(resources.ScaledObject, {
      ...stored,
      status: { hpaName: 'keda-hpa-shop' },
    });
    await world.clock.advance(1_000);
    await world.client.patch(resources.ScaledObject, 'default', 'shop', { spec: { pollingInterval: 10 } });
    await world.clock.advance(1_000);
    await world.client.delete(resources.ScaledObject, 'default', 'shop');
    await world.clock.advance(1_000);
    expect(lines('manifest').map(({ t, action, object }) => [t, action, object.kind])).toEqual([
      [0, 'added', 'ScaledObject'],
      [0, 'added', 'InterceptorRoute'],
      [3, 'modified', 'ScaledObject'],
      [4, 'deleted', 'ScaledObject'],
    ]);
    expect(lines('manifest').every(({ object }) => !('status' in object))).toBe(true);
  });

  it('tells the life of a pod under the name of its Deployment', async () => {
    await world.client.create(resources.Deployment, deploymentOf('shop', 1));
    await world.clock.advance(5_000);
    await world.client.updateScale(resources.Deployment, 'default', 'shop', 0);
    await world.clock.advance(5_000);
    const told = lines('pod');
    expect(told.map(({ event }) => event)).toEqual(['created', 'started', 'ready', 'terminating', 'deleted']);
    expect(told.every(({ workload }) => workload?.name === 'shop' && workload.namespace === 'default')).toBe(
      true,
    );
  });

  it('samples a workload when a decision was made about it, and then whenever its counts change', async () => {
    await world.client.create(resources.Deployment, deploymentOf('shop', 1));
    await world.clock.advance(5_000);
    expect(lines('sample')).toEqual([]);
    recorder.kedaPoll(world.clock.now(), {
      workload: { namespace: 'default', name: 'shop' },
      scaledObject: 'shop',
      from: 1,
      to: 1,
      wanted: null,
      reason: 'ScalerActive',
      sentence: 'stays 1',
      steps: [],
      input: {} as never,
      decision: { kind: 'poll', metrics: [{ valueMilli: 41_500n }] } as never,
    });
    expect(lines('sample')).toMatchObject([{ t: 5, value: 41.5, desired: 1, current: 1, ready: 1 }]);
    await world.client.updateScale(resources.Deployment, 'default', 'shop', 2);
    await world.clock.advance(5_000);
    const [, ...later] = lines('sample');
    expect(later.map(({ value, desired, ready }) => [value, desired, ready])).toEqual([
      [41.5, 2, 1],
      [41.5, 2, 1],
      [41.5, 2, 2],
    ]);
  });
});
