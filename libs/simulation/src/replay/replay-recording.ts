import type { Recording, TimedLine } from '@scalelab/recording';
import { parseInstant } from '@scalelab/scaling';
import { HpaReplay } from './hpa-replay';
import { JobReplay } from './job-replay';
import { KedaReplay } from './keda-replay';
import type { ReplayedDecision } from './replayed-decision';

/** Decides every recorded decision again, in order. Of a full recording each comes out the same. */
export function replayRecording({ header, lines }: Recording): ReplayedDecision[] {
  const startedAtMs = Math.round(parseInstant(header.startedAt));
  const hpas = new Map<string, HpaReplay>();
  const loops = new Map<string, KedaReplay>();
  const jobs = new Map<string, JobReplay>();
  const hpaOf = (key: string) => getOrMake(hpas, key, () => new HpaReplay(header.controller));
  const decisions: ReplayedDecision[] = [];
  for (const line of lines) {
    const atMs = startedAtMs + Math.round(line.t * 1_000);
    const decision =
      line.kind === 'scaledJobPoll'
        ? getOrMake(jobs, `${line.workload.namespace}/${line.scaledJob}`, () => new JobReplay()).take(
            line,
            atMs,
          )
        : replayLine(line, atMs, hpaOf, (key) => getOrMake(loops, key, () => new KedaReplay()));
    if (decision) decisions.push(decision);
  }
  return decisions;
}

function replayLine(
  line: TimedLine,
  atMs: number,
  hpaOf: (key: string) => HpaReplay,
  loopOf: (key: string) => KedaReplay,
): ReplayedDecision | undefined {
  switch (line.kind) {
    case 'manifest':
      if (line.object.kind === 'HorizontalPodAutoscaler')
        hpaOf(`${line.object.metadata.namespace}/${line.object.metadata.name}`).manifest(line, atMs);
      return undefined;
    case 'hpaSync':
      return hpaOf(`${line.workload.namespace}/${line.hpa}`).sync(line, atMs);
    case 'kedaPoll':
    case 'metricRequest':
      return loopOf(`${line.workload.namespace}/${line.scaledObject}`).take(line, atMs);
    default:
      return undefined;
  }
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const present = map.get(key) ?? make();
  map.set(key, present);
  return present;
}
