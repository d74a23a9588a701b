import {
  decisionsOf,
  type AutoscaledWorkload,
  type CoreShapes,
  type DecisionLine,
  type TimedLine,
} from '@scalelab/recording';
import { formatAmount, formatDuration, formatFigure } from './format';
import { bottomAxis, leftAxis } from './marks/axes';
import { clockTicks } from './marks/clock-ticks';
import { decisionMarks } from './marks/decision-marks';
import { line, type Point } from './marks/line';
import { horizontalRule, verticalRule } from './marks/rule';
import { gaps, hatching, stepArea, stepLine, type Step } from './marks/step-line';
import { element } from './markup';
import { plot, type Mark, type Panel } from './plot';
import { niceCeiling, niceTicks, timeTicks, wholeTicks } from './scale';

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

/** Partitions of the topic, as the last poll of a kafka trigger saw them. */
function partitionsOf(lines: readonly TimedLine<CoreShapes>[]): number | null {
  const find = (value: unknown): number | null => {
    if (typeof value !== 'object' || value === null) return null;
    if (Reflect.get(value, 'kind') === 'kafka') {
      const latest: unknown = Reflect.get(value, 'latest');
      const topics = typeof latest === 'object' && latest !== null ? Object.values(latest) : [];
      return (
        topics.reduce<number>((sum, offsets) => sum + (Array.isArray(offsets) ? offsets.length : 0), 0) ||
        null
      );
    }
    return null;
  };
  for (const poll of lines.toReversed()) {
    if (poll.kind !== 'kedaPoll' || typeof poll.input !== 'object' || poll.input === null) continue;
    const answers: unknown = Reflect.get(poll.input, 'answers');
    for (const answer of Array.isArray(answers) ? answers : []) {
      const found = find(
        typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'observation') : undefined,
      );
      if (found !== null) return found;
    }
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
    signal: samples.map(({ t, value }) => [t, value]),
    backlogAge: samples.flatMap(({ t, backlogAgeSeconds }): Point[] =>
      backlogAgeSeconds === undefined ? [] : [[t, backlogAgeSeconds]],
    ),
    decisions: decisionsOf(own),
    syncs: own.flatMap((l) => (l.kind === 'hpaSync' ? [l.t] : [])),
    polls: own.flatMap((l) => (l.kind === 'kedaPoll' || l.kind === 'scaledJobPoll' ? [l.t] : [])),
    loads: own.flatMap((l) => (l.kind === 'load' ? [{ t: l.t, description: l.description }] : [])),
  };
}

export interface PictureOptions {
  /** Unique on the page. */
  readonly id: string;
  /** Pixels. */
  readonly width: number;
  /** Seconds. */
  readonly from: number;
  readonly to: number;
}

const clockHeight = 44;

/** The time axis with both clocks: syncs of the HPA above, polls of KEDA below, decisions on it. */
function clockPanel(
  { decisions, syncs, polls }: ScalingStory,
  above: number,
  below: number,
  narrow: boolean,
): Panel {
  const axis: Mark = ({ left, top, width, height }) =>
    element('line', {
      class: 'axis',
      x1: left,
      x2: left + width,
      y1: top + height / 2,
      y2: top + height / 2,
    });
  const name =
    (text: string, dy: number): Mark =>
    ({ left, top, height }) =>
      element(
        'text',
        { class: 'clock-label', x: left - 6, y: top + height / 2 + dy, 'text-anchor': 'end' },
        text,
      );
  return {
    height: clockHeight,
    y: [0, 1],
    gap: 8,
    marks: [],
    labels: [
      axis,
      clockTicks(syncs, 'up', 'sync'),
      clockTicks(polls, 'down', 'poll'),
      name(narrow ? 'sync' : 'HPA sync', -3),
      name(narrow ? 'poll' : 'KEDA poll', 11),
      decisionMarks(decisions, { above, below }),
    ],
  };
}

function replicasPanel(story: ScalingStory, id: string, height: number): Panel {
  const { workload, partitions, replicas } = story;
  const desired = replicas.map(({ t, desired: y }): Step => [t, y]);
  const ready = replicas.map(({ t, ready: y }): Step => [t, y]);
  const highest = Math.max(1, ...replicas.map((r) => Math.max(r.desired, r.ready)));
  const limits = [
    { value: workload.max, label: `max ${workload.max}` },
    { value: partitions, label: `${partitions} partitions` },
  ].filter((l): l is { value: number; label: string } => l.value !== null && l.value <= highest * 2.5);
  const merged =
    limits.length === 2 && limits[0]?.value === limits[1]?.value
      ? [{ value: limits[0]?.value ?? 0, label: limits.map((l) => l.label).join(' = ') }]
      : limits;
  const top = Math.max(highest, ...limits.map((l) => l.value)) * 1.18;
  return {
    height,
    y: [0, top],
    gap: 4,
    marks: [
      stepArea(ready, 'ready-area'),
      hatching(gaps(desired, ready), `${id}-starting`, 'starting'),
      stepLine(ready, 'ready'),
      stepLine(desired, 'desired'),
    ],
    labels: [
      leftAxis({ ticks: wholeTicks(0, top, 4), format: formatFigure, title: 'replicas' }),
      ...merged.map(({ value, label }) => horizontalRule(value, { label, className: 'limit' })),
    ],
  };
}

function signalPanel({ workload, signal }: ScalingStory, height: number): Panel {
  const { target, activation, unit } = workload;
  const values = signal.map(([, y]) => y ?? 0);
  const top = niceCeiling(Math.max(...values, (target ?? 0) * 1.25, (activation ?? 0) * 1.5, 1));
  const title = unit === '%' ? 'signal, % of request' : unit ? `signal, ${unit}` : 'signal';
  const close = target !== null && activation !== null && Math.abs(target - activation) < top * 0.18;
  return {
    height,
    y: [0, top],
    marks: [line(signal, 'signal')],
    labels: [
      leftAxis({ ticks: niceTicks(0, top, 3), format: formatFigure, title }),
      ...(target === null
        ? []
        : [
            horizontalRule(target, {
              label: `target ${formatAmount(target, unit)} a replica`,
              className: 'target',
            }),
          ]),
      ...(activation === null || activation === 0
        ? []
        : [
            horizontalRule(activation, {
              label: `activation above ${formatFigure(activation)}`,
              className: 'activation',
              ...(close ? { align: 'left' as const } : {}),
            }),
          ]),
    ],
  };
}

/** One time axis: replicas, decisions between the two clocks, the signal, and the backlog's age where there is one. */
export function scalingPicture(story: ScalingStory, { id, width, from, to }: PictureOptions): string {
  const narrow = width < 600;
  const heights = { replicas: narrow ? 110 : 140, signal: narrow ? 90 : 110, age: 48 };
  const age = story.backlogAge.length > 0;
  const below = heights.signal + 8 + (age ? heights.age + 12 : 0);
  const ageTop = niceCeiling(Math.max(1, ...story.backlogAge.map(([, y]) => y ?? 0)));
  const panels: Panel[] = [
    replicasPanel(story, id, heights.replicas),
    clockPanel(story, heights.replicas + 4, below, narrow),
    { ...signalPanel(story, heights.signal) },
    ...(age
      ? [
          {
            height: heights.age,
            y: [0, ageTop],
            marks: [line(story.backlogAge, 'backlog-age')],
            labels: [leftAxis({ ticks: [0, ageTop], format: formatFigure, title: 'backlog age, s' })],
          } satisfies Panel,
        ]
      : []),
  ];
  const loads = story.loads.map(({ t, description }) =>
    verticalRule(t, { label: description, className: 'load' }),
  );
  const signalIndex = 2;
  const signal = panels[signalIndex];
  if (signal) panels[signalIndex] = { ...signal, labels: [...(signal.labels ?? []), ...loads] };
  const last = panels.length - 1;
  const lastPanel = panels[last];
  const time = bottomAxis({
    ticks: timeTicks(from, to, Math.max(2, Math.floor(width / 90))),
    format: formatDuration,
  });
  if (lastPanel) panels[last] = { ...lastPanel, labels: [...(lastPanel.labels ?? []), time] };
  const { name, trigger } = story.workload;
  return plot({
    id,
    width,
    x: [from, to],
    margin: { left: narrow ? 40 : 68, right: 12 },
    panels,
    label: `${name}, ${trigger || 'no autoscaler'}: replicas, decisions and signal from ${formatDuration(from)} to ${formatDuration(to)}`,
  });
}
