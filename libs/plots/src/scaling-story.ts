import {
  decisionsOf,
  type AutoscaledWorkload,
  type CoreShapes,
  type DecisionLine,
  type TimedLine,
} from '@scalelab/recording';
import type { Point } from './marks/line';
import { highestOf } from './scale';

/** What one picture shows: one workload over one span of time. */
export interface ScalingStory {
  readonly workload: AutoscaledWorkload;
  /** Most members of the consumer group that can have work: partitions of the topic. */
  readonly partitions: number | null;
  readonly replicas: readonly { readonly t: number; readonly desired: number; readonly ready: number }[];
  readonly signal: readonly Point[];
  readonly backlogAge: readonly Point[];
  readonly decisions: readonly DecisionLine<CoreShapes>[];
  readonly syncs: readonly number[];
  readonly polls: readonly number[];
  readonly loads: readonly { readonly t: number; readonly description: string }[];
}

/** Whether a limit is near enough to the highest count to be shown. */
export const isNear = (limit: number, highest: number): boolean => limit <= highest * 2.5;

/** The highest replicas and signal of several stories, to draw them alike. */
export function highestOfAll(stories: readonly ScalingStory[]): {
  readonly leastReplicas: number;
  readonly leastSignal: number;
} {
  const limits = stories
    .flatMap(({ workload, partitions }) => [workload.max ?? 0, partitions ?? 0])
    .sort((a, b) => a - b);
  return {
    // A limit that one picture shows raises the scale of all, and with it may come the next one.
    leastReplicas: limits.reduce(
      (highest, limit) => (isNear(limit, highest) ? Math.max(highest, limit) : highest),
      highestOf(
        stories.flatMap(({ replicas }) => replicas.flatMap((r) => [r.desired, r.ready])),
        1,
      ),
    ),
    leastSignal: highestOf(
      stories.flatMap(({ signal }) => signal.map(([, y]) => y ?? 0)),
      1,
    ),
  };
}

/** The observation inside one answer of a recorded poll, when it is Kafka's. */
function kafkaLatest(answer: unknown): object | undefined {
  const observation = field(answer, 'observation');
  const latest = field(observation, 'kind') === 'kafka' ? field(observation, 'latest') : undefined;
  return typeof latest === 'object' && latest !== null ? latest : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Partitions of the topics, as the last poll of a kafka trigger saw them. */
function partitionsOf(lines: readonly TimedLine<CoreShapes>[]): number | null {
  for (const poll of lines.toReversed()) {
    if (poll.kind !== 'kedaPoll') continue;
    const answers = field(poll.input, 'answers');
    const latest = Array.isArray(answers)
      ? answers.map(kafkaLatest).find((found) => found !== undefined)
      : undefined;
    if (!latest) continue;
    return Object.values(latest).reduce(
      (sum, offsets) => sum + (Array.isArray(offsets) ? offsets.length : 0),
      0,
    );
  }
  return null;
}

/** The story of one workload out of a recording's lines. */
export function scalingStory(
  workload: AutoscaledWorkload,
  lines: readonly TimedLine<CoreShapes>[],
): ScalingStory {
  const own = lines.filter(
    (l) =>
      'workload' in l && l.workload?.name === workload.name && l.workload.namespace === workload.namespace,
  );
  const samples = own.filter((l) => l.kind === 'sample');
  return {
    workload,
    partitions: partitionsOf(own),
    replicas: samples.map(({ t, desired, ready }) => ({ t, desired, ready })),
    signal: samples.map(({ t, value }) => [t, value !== null && Number.isFinite(value) ? value : null]),
    backlogAge: samples.flatMap(({ t, backlogAgeSeconds }): Point[] =>
      backlogAgeSeconds === undefined ? [] : [[t, backlogAgeSeconds]],
    ),
    decisions: decisionsOf(own),
    syncs: own.flatMap((l) => (l.kind === 'hpaSync' ? [l.t] : [])),
    polls: own.flatMap((l) => (l.kind === 'kedaPoll' || l.kind === 'scaledJobPoll' ? [l.t] : [])),
    loads: own.flatMap((l) => (l.kind === 'load' ? [{ t: l.t, description: l.description }] : [])),
  };
}
