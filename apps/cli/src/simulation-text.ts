import { formatDuration, formatFigure, terminalPlot } from '@scalelab/plots';
import { boundsOf, type Simulation, type SimulatedDecision, type Totals } from '@scalelab/simulation';
import type { SimulationRequest } from './simulation-request';
import type { Terminal } from './terminal';

/** A simulation for people at a terminal: what it is about, plots, why, figures. */
export function simulationText(
  request: SimulationRequest,
  simulation: Simulation,
  terminal: Terminal,
): readonly string[] {
  const { timeline, seconds } = simulation;
  const { width, ascii } = terminal;
  const { max } = boundsOf(request.target);
  const plotOf = (
    values: readonly (number | null)[],
    rules: readonly { value: number; label: string }[] = [],
  ): readonly string[] => terminalPlot(values, { width, seconds, ascii, rules });
  return [
    headline(request, seconds),
    '',
    'replicas',
    ...plotOf(
      timeline.map(({ desired }) => desired),
      max <= 2.5 * simulation.totals.peakReplicas ? [{ value: max, label: `max ${max}` }] : [],
    ),
    request.model ? 'signal that the autoscaler reads' : 'signal',
    ...plotOf(timeline.map(({ signal }) => signal)),
    ...(request.model
      ? ['age of the oldest waiting item, s', ...plotOf(timeline.map(({ oldestSeconds }) => oldestSeconds))]
      : []),
    '',
    ...decisionRows(simulation.decisions, width),
    '',
    ...totalRows(simulation.totals, seconds),
  ];
}

export function headline({ target, model, loadNames }: SimulationRequest, seconds: number): string {
  const { min, max } = boundsOf(target);
  const signal =
    target.kind === 'HorizontalPodAutoscaler'
      ? (target.object.spec.metrics ?? []).map(({ type }) => type).join(' + ')
      : target.object.spec.triggers.map(({ type }) => type).join(' + ');
  return `${target.kind} ${target.name}  ${signal}  ${min}..${max} replicas  ${model ? 'arrivals' : 'signal'} ${loadNames.join(' ')}  ${formatDuration(seconds)}`;
}

const shown = 24;

function decisionRows(decisions: readonly SimulatedDecision[], width: number): readonly string[] {
  if (decisions.length === 0) return ['no decision changed or held anything'];
  const head = decisions.length > shown ? Math.ceil(shown / 2) : decisions.length;
  const rows = (list: readonly SimulatedDecision[]): readonly string[] =>
    list.flatMap((decision) => decisionRow(decision, width));
  const left = decisions.length - shown;
  return [
    ...rows(decisions.slice(0, head)),
    ...(left > 0
      ? [
          `   ... ${left} more decisions (all of them: --json or --html) ...`,
          ...rows(decisions.slice(-Math.floor(shown / 2))),
        ]
      : []),
  ];
}

function decisionRow(
  { t, loop, from, to, reason, sentence }: SimulatedDecision,
  width: number,
): readonly string[] {
  const change = from === to ? `= ${to}` : `${from} -> ${to}`;
  const start = `${`${formatFigure(Math.round(t))} s`.padStart(9)}  ${loop.padEnd(4)}  ${change.padEnd(10)}`;
  const line = `${start}  ${reason}: ${sentence}`;
  if (line.length <= width) return [line];
  // Long sentences go on below their own beginning.
  const rows: string[] = [];
  let rest = line;
  const indent = ' '.repeat(start.length + 4);
  while (rest.length > width) {
    const cut = rest.lastIndexOf(' ', width);
    const at = cut > indent.length ? cut : width;
    rows.push(rest.slice(0, at));
    rest = indent + rest.slice(at).trimStart();
  }
  return [...rows, rest];
}

export function totalRows(totals: Totals, seconds: number): readonly string[] {
  const { work } = totals;
  const row = (name: string, value: string): string => `  ${name.padEnd(22)} ${value}`;
  return [
    row(
      'pod-seconds',
      `${formatFigure(totals.podSeconds)} (${formatFigure(totals.podSeconds / Math.max(1, seconds))} replicas on average, ${totals.peakReplicas} at most)`,
    ),
    row('time at max', formatDuration(totals.secondsAtMax)),
    ...(work
      ? [
          row('items', `${formatFigure(work.arrived)} arrived, ${formatFigure(work.done)} done`),
          row(
            'backlog',
            `p50 ${formatFigure(work.backlog.p50)}, p95 ${formatFigure(work.backlog.p95)}, max ${formatFigure(work.backlog.max)}`,
          ),
          row('age when work began', `p50 ${work.age.p50} s, p95 ${work.age.p95} s, max ${work.age.max} s`),
          row(
            'time to drain',
            work.drainSeconds === null ? 'items still wait at the end' : formatDuration(work.drainSeconds),
          ),
        ]
      : []),
    row('flaps', `${totals.flaps} (changes back within 300 s)`),
    row('cold starts', String(totals.coldStarts)),
    row('decided', `${totals.hpaSyncs} HPA syncs, ${totals.kedaPolls} KEDA polls`),
  ];
}
