import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeRecording } from '@scalelab/recording';
import { parse } from 'yaml';
import { applyChoice } from '../sweep/variant';
import { labRuns, type LabRun } from './lab-run';
import { readLabModels, replayLabRun, type LabReplay } from './replay-lab-run';

const root = join(__dirname, '../../../..');
const { recording, errors } = decodeRecording(
  readFileSync(join(root, 'libs/simulation/fixtures/tour.jsonl'), 'utf8'),
);
const models = readLabModels(parse(readFileSync(join(root, 'examples/tour/models.yaml'), 'utf8')));
const runs = labRuns(recording);

const replayed = (name: string, change: (run: LabRun) => LabRun = (run) => run): LabReplay => {
  const run = runs.find(({ workload }) => workload.name === name);
  if (!run) throw new Error(`the recording has no ${name}`);
  return replayLabRun(change(run), runs, models);
};

describe("the loads of the lab's tour, simulated", () => {
  it('are all of the tour', () => {
    expect(errors).toEqual([]);
    expect(runs.map(({ workload }) => workload.name).sort()).toEqual([
      'http-demo',
      'http-demo-zero',
      'kafka-consumer',
      'sqs-worker',
      'sqs-worker-api',
    ]);
    // Each was scaled out and in again: there is something to agree about.
    for (const { replicas } of runs) {
      const counts = replicas.map(([, count]) => count);
      expect(replicas.length).toBeGreaterThan(2);
      expect(counts.at(-1)).toBe(counts[0]);
    }
  });

  it.each(runs.map(({ workload }) => workload.name))('give the recorded replicas of %s', (name) => {
    expect(replayed(name).firstDifference).toBeUndefined();
  });

  it.each([
    ['http-demo', 'trigger.threshold', '50'],
    ['http-demo-zero', 'maxReplicaCount', '3'],
    ['sqs-worker', 'trigger.queueLength', '40'],
    ['sqs-worker', 'trigger.activationQueueLength', '200'],
    ['sqs-worker', 'cooldownPeriod', '60'],
    ['kafka-consumer', 'trigger.lagThreshold', '1500'],
    ['kafka-consumer', 'trigger.activationLagThreshold', '0'],
    ['sqs-worker-api', 'metrics[0].resource.target.averageUtilization', '90'],
    ['sqs-worker-api', 'behavior.scaleUp.stabilizationWindowSeconds', '90'],
  ])('differ for %s with another %s (%s)', (name, path, value) => {
    const changed = replayed(name, (run) => ({ ...run, target: applyChoice(run.target, { [path]: value }) }));
    expect(changed.firstDifference).toBeDefined();
  });

  it('differ when nobody arrives, when pods never get ready, and when the recording shows one replica more', () => {
    expect(replayed('sqs-worker', (run) => ({ ...run, loads: [] })).firstDifference).toBeDefined();
    const slow = new Map(
      [...models].map(([name, own]) => [name, { ...own, model: { ...own.model, startUpSeconds: 600 } }]),
    );
    const [worker] = runs.filter(({ workload }) => workload.name === 'sqs-worker');
    if (!worker) throw new Error('the recording has no sqs-worker');
    expect(replayLabRun(worker, runs, slow).firstDifference).toBeDefined();
    const more = replayed('kafka-consumer', (run) => ({
      ...run,
      replicas: run.replicas.map(([t, count]) => [t, count === 6 ? 7 : count] as const),
    }));
    expect(more.firstDifference).toBeDefined();
  });
});
