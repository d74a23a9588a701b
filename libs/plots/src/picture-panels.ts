import { element } from './markup';
import { leftAxis } from './marks/axes';
import { clockTicks } from './marks/clock-ticks';
import { decisionMarks } from './marks/decision-marks';
import { line } from './marks/line';
import { horizontalRule, verticalRules } from './marks/rule';
import { gaps, hatching, stepArea, stepLine, type Step } from './marks/step-line';
import { formatAmount, formatFigure } from './format';
import type { Mark, Panel } from './plot';
import { highestOf, niceCeiling, niceTicks, wholeTicks } from './scale';
import { isNear, type ScalingStory } from './scaling-story';

const clockHeight = 44;

/** The time axis with both clocks: syncs of the HPA above, polls of KEDA below, decisions on it. */
export function clockPanel(
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

export function replicasPanel(story: ScalingStory, id: string, height: number, least = 0): Panel {
  const { workload, partitions, replicas } = story;
  const desired = replicas.map(({ t, desired: y }): Step => [t, y]);
  const ready = replicas.map(({ t, ready: y }): Step => [t, y]);
  const highest = Math.max(
    least,
    highestOf(
      replicas.flatMap((r) => [r.desired, r.ready]),
      1,
    ),
  );
  const limits = [
    { value: workload.max, label: `max ${workload.max}` },
    { value: partitions, label: `${partitions} partitions` },
  ].filter((l): l is { value: number; label: string } => l.value !== null && isNear(l.value, highest));
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
    backdrop: [leftAxis({ ticks: wholeTicks(0, top, 4), format: formatFigure, title: 'replicas' })],
    labels: merged.map(({ value, label }) => horizontalRule(value, { label, className: 'limit' })),
  };
}

export function signalPanel(
  { workload, signal, loads }: ScalingStory,
  height: number,
  narrow: boolean,
  least = 0,
): Panel {
  const { target, activation, unit } = workload;
  const values = signal.map(([, y]) => y ?? 0);
  const top = niceCeiling(highestOf([...values, least, (target ?? 0) * 1.25, (activation ?? 0) * 1.5], 1));
  const title = narrow || !unit ? 'signal' : unit === '%' ? 'signal, % of request' : `signal, ${unit}`;
  // About 6.5 pixels a character at this size, and room for the title and the names of loads above the line.
  const titleWidth = title.length * 6.5 + 10;
  const headroom = 1.25;
  const close = target !== null && activation !== null && Math.abs(target - activation) < top * 0.18;
  return {
    height,
    y: [0, top * headroom],
    marks: [line(signal, 'signal')],
    backdrop: [leftAxis({ ticks: niceTicks(0, top, 3), format: formatFigure, title })],
    labels: [
      ...(target === null
        ? []
        : [
            horizontalRule(target, {
              label: narrow
                ? `target ${formatFigure(target)}`
                : `target ${formatAmount(target, unit)} a replica`,
              className: 'target',
            }),
          ]),
      ...(activation === null || activation === 0
        ? []
        : [
            horizontalRule(activation, {
              label: narrow
                ? `activation ${formatFigure(activation)}`
                : `activation above ${formatFigure(activation)}`,
              className: 'activation',
              ...(close ? { align: 'left', labelAt: Math.max(target, activation) } : {}),
            }),
          ]),
      verticalRules(
        loads.map(({ t, description }) => ({ at: t, label: description })),
        'load',
        titleWidth,
      ),
    ],
  };
}

/** How long the oldest message has waited; nothing where that is not known. */
export function backlogAgePanel({ backlogAge }: ScalingStory, height: number): readonly Panel[] {
  if (backlogAge.length === 0) return [];
  const top = niceCeiling(
    highestOf(
      backlogAge.map(([, y]) => y ?? 0),
      1,
    ),
  );
  const axis = leftAxis({ ticks: [0, top], format: formatFigure, title: 'backlog age, s' });
  return [{ height, y: [0, top * 1.35], backdrop: [axis], marks: [line(backlogAge, 'backlog-age')] }];
}
