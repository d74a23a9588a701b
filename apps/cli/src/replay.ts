import { formatFigure, sparkline } from '@scalelab/plots';
import type { Recording } from '@scalelab/recording';
import {
  recordedRun,
  replayRecording,
  simulate,
  type RecordedRun,
  type ReplayedDecision,
} from '@scalelab/simulation';
import { parseInstant } from '@scalelab/scaling';
import type { Command } from './command';
import { badInput, usageError } from './command-error';
import { writeText } from './input-file';
import { readRecording } from './recording-file';
import { targetOf } from './simulation-request';
import { tableText } from './table-text';
import type { Terminal } from './terminal';

export const replay: Command = {
  name: 'replay',
  operands: 'RECORDING [--with FILE]',
  about: 'decides a recording again offline, or with another autoscaler in its place',
  options: {
    with: {
      type: 'string',
      value: 'FILE',
      about: 'manifests with another autoscaler: what would it have done with the same signal?',
    },
    name: { type: 'string', value: 'NAME', about: 'which workload of the recording, where it holds several' },
    json: { type: 'string', value: 'FILE', about: 'write the decisions as JSON' },
  },
  notes: [
    'A full recording differs in 0 places. Exit code 1 if it does not.',
    'Of an observed recording (a cluster seen from outside) the HPA’s memory is inferred: differences are told, and no error.',
    'With --with the signal stays as it was recorded: it does not answer to other replica counts. For that, simulate with --model.',
  ],
  run(args, terminal) {
    const [file, ...others] = args.positionals;
    if (file === undefined || others.length > 0)
      throw usageError(`replay: one recording is needed, got ${args.positionals.length}`);
    const recording = readRecording(file, terminal);
    const other = args.text('with');
    return other === undefined
      ? again(recording, args.text('json'), terminal)
      : instead(file, recording, other, args.text('name'), args.text('json'), terminal);
  },
};

function again(recording: Recording, json: string | undefined, terminal: Terminal): number {
  const decisions = replayRecording(recording);
  const different = decisions.filter(({ same }) => !same);
  for (const decision of different) terminal.out(differenceText(decision));
  const observed = recording.header.fidelity === 'observed';
  const count = (kind: ReplayedDecision['kind']): number =>
    decisions.filter((decision) => decision.kind === kind).length;
  terminal.out(
    `${decisions.length} decisions (${count('hpaSync')} HPA syncs, ${count('kedaPoll')} KEDA polls, ${count('metricRequest')} metric requests, ${count('scaledJobPoll')} ScaledJob polls): ${different.length} differ`,
  );
  if (observed)
    terminal.out(
      'observed recording: inferred are the HPA’s memory (recommendations and scale events of before the recording), the moment of each sync, and the metric values between two looks',
    );
  if (json !== undefined) writeText(json, `${JSON.stringify(decisions, null, 1)}\n`);
  return different.length > 0 && !observed ? 1 : 0;
}

function differenceText({ t, kind, workload, recorded, again: now }: ReplayedDecision): string {
  const counts =
    recorded === now
      ? `the same count (${now}), other words or conditions`
      : `recorded ${recorded}, decided again ${now}`;
  return `${formatFigure(t)} s ${kind} ${workload.namespace}/${workload.name}: ${counts}`;
}

function instead(
  file: string,
  recording: Recording,
  manifests: string,
  name: string | undefined,
  json: string | undefined,
  terminal: Terminal,
): number {
  const run = chosenRun(file, recordedRun(recording), name);
  const target = targetOf([manifests], undefined);
  const simulation = simulate({
    target,
    loads: run.signals,
    seconds: run.seconds,
    initialReplicas: run.replicas[0]?.[1] ?? 0,
    startedAtMs: Math.round(parseInstant(recording.header.startedAt)),
    flags: recording.header.controller,
    stepSeconds: Math.max(1, run.seconds / 100),
  });
  const cells = (of: readonly (readonly [number, number])[]): readonly string[] => [
    formatFigure(Math.round(podSeconds(of, run.seconds))),
    String(Math.max(...of.map(([, count]) => count), 0)),
    String(Math.max(0, of.length - 1)),
  ];
  const recorded = cells(run.replicas);
  const other = cells(simulation.replicas);
  terminal.out(
    `${run.workload.namespace}/${run.workload.name}: ${formatFigure(run.seconds)} s, the recorded signal under ${target.kind} ${target.name}`,
  );
  terminal.out(`  recorded  ${sparkline(series(run.replicas, run.seconds), 72)}`);
  terminal.out(`  instead   ${sparkline(series(simulation.replicas, run.seconds), 72)}`);
  const rows = ['pod-seconds', 'replicas at most', 'changes'].map((label, i) => [
    label,
    recorded[i] ?? '',
    other[i] ?? '',
  ]);
  for (const line of tableText(['', 'recorded', 'instead'], rows)) terminal.out(line);
  for (const { t, sentence, reason } of simulation.decisions)
    terminal.out(`${`${formatFigure(Math.round(t))} s`.padStart(9)}  ${reason}: ${sentence}`);
  terminal.out('The signal is as recorded: with other replicas it would have been another.');
  if (json !== undefined)
    writeText(json, `${JSON.stringify({ recorded: run.replicas, instead: simulation }, null, 1)}\n`);
  return 0;
}

function chosenRun(file: string, runs: readonly RecordedRun[], name: string | undefined): RecordedRun {
  const fitting = name === undefined ? runs : runs.filter(({ workload }) => workload.name === name);
  const [first, second] = fitting;
  const names = runs.map(({ workload }) => workload.name).join(', ') || 'none';
  if (first === undefined)
    throw badInput(`${file}: holds no decisions about ${name ?? 'any workload'}; it has ${names}`);
  if (second !== undefined)
    throw usageError(`replay: ${file} holds several workloads: ${names}; choose one by --name`);
  return first;
}

function podSeconds(changes: readonly (readonly [number, number])[], seconds: number): number {
  return changes.reduce((sum, [t, count], i) => sum + count * ((changes[i + 1]?.[0] ?? seconds) - t), 0);
}

function series(changes: readonly (readonly [number, number])[], seconds: number): number[] {
  return Array.from({ length: 72 }, (_, i) => changes.findLast(([t]) => t <= (i / 71) * seconds)?.[1] ?? 0);
}
