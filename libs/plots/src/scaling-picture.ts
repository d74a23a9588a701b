import { formatDuration } from './format';
import { bottomAxis } from './marks/axes';
import { backlogAgePanel, clockPanel, replicasPanel, signalPanel } from './picture-panels';
import { plot, type Panel } from './plot';
import { timeTicks } from './scale';
import type { ScalingStory } from './scaling-story';

export interface PictureOptions {
  /** Unique on the page. */
  readonly id: string;
  /** Pixels. */
  readonly width: number;
  /** Seconds. */
  readonly from: number;
  readonly to: number;
  /** The axes reach at least so far, for pictures that are compared. Default: as far as this run needs. */
  readonly leastReplicas?: number;
  readonly leastSignal?: number;
}

/** One time axis: replicas, decisions between the two clocks, the signal, and the backlog's age where there is one. */
export function scalingPicture(
  story: ScalingStory,
  { id, width, from, to, leastReplicas = 0, leastSignal = 0 }: PictureOptions,
): string {
  const narrow = width < 600;
  const heights = { replicas: narrow ? 110 : 140, signal: narrow ? 90 : 110, age: 48 };
  const age = backlogAgePanel(story, heights.age);
  const below = heights.signal + 8 + (age.length ? heights.age + 12 : 0);
  const panels: Panel[] = [
    replicasPanel(story, id, heights.replicas, leastReplicas),
    clockPanel(story, heights.replicas + 4, below, narrow),
    signalPanel(story, heights.signal, narrow, leastSignal),
    ...age,
  ];
  const last = panels.pop();
  const ticks = timeTicks(from, to, Math.max(2, Math.floor(width / 90)));
  if (last)
    panels.push({ ...last, labels: [...(last.labels ?? []), bottomAxis({ ticks, format: formatDuration })] });
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
