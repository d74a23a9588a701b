import {
  findTarget,
  TargetError,
  type LoadTrace,
  type ScalingTarget,
  type SimulationOptions,
  type WorkloadModel,
} from '@scalelab/simulation';
import type { Arguments, Options } from './arguments';
import { badInput, usageError } from './command-error';
import { cutLoad, loadOption, readLoadArgument, secondsOf } from './load-argument';
import { readManifests } from './manifest-files';
import { readModelFile } from './model-argument';

export const requestOptions = {
  file: {
    type: 'string',
    short: 'f',
    multiple: true,
    value: 'FILE',
    about: 'manifests with the autoscaler and its target; a folder, or - for standard input',
  },
  load: loadOption,
  model: {
    type: 'string',
    value: 'FILE',
    about: 'workload model: the load is then arrivals a second, and the backlog depends on replicas',
  },
  name: { type: 'string', value: 'NAME', about: 'which autoscaler, where the files hold several' },
  from: {
    type: 'string',
    value: 'TIME',
    about: 'begin at this time of the trace, for example 10m (default 0)',
  },
  to: { type: 'string', value: 'TIME', about: 'end at this time of the trace (default its end)' },
  step: { type: 'string', value: 'TIME', about: 'between rows of the timeline (default 15s)' },
  replicas: { type: 'string', value: 'N', about: 'replicas at the start (default: the minimum)' },
  'k6-metric': {
    type: 'string',
    value: 'NAME',
    about: 'which metric of a k6 export arrives (default http_reqs)',
  },
} as const satisfies Options;

/** What is to be simulated, read and checked. */
export interface SimulationRequest {
  readonly target: ScalingTarget;
  readonly loads: readonly LoadTrace[];
  /** As they were written. */
  readonly loadNames: readonly string[];
  readonly model?: WorkloadModel;
  readonly seconds: number;
  readonly stepSeconds: number;
  readonly initialReplicas?: number;
}

/** @throws CommandError */
export function targetOf(files: readonly string[], name?: string): ScalingTarget {
  try {
    return findTarget(
      readManifests(files).flatMap(({ objects }) => objects),
      name,
    );
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    const place = error.at ? `${error.at.file}:${error.at.line}` : files.join(' ');
    throw badInput(`${place}: ${error.message}`, error);
  }
}

/** @throws CommandError */
export function readRequest(command: string, args: Arguments, target?: ScalingTarget): SimulationRequest {
  const files = args.texts('file');
  const loadNames = args.texts('load');
  if (target === undefined && files.length === 0) throw usageError(`${command}: -f FILE is missing`);
  if (loadNames.length === 0) throw usageError(`${command}: --load TRACE is missing`);
  if (args.positionals.length > 0)
    throw usageError(`${command}: "${args.positionals[0]}" is not expected; files go behind -f`);
  const modelFile = args.text('model');
  const model = modelFile === undefined ? undefined : readModelFile(modelFile);
  if (model && loadNames.length > 1)
    throw usageError(`${command}: with --model there is one --load: what arrives`);
  const whole = loadNames.map((text) => readLoadArgument(text, args.text('k6-metric')));
  const from = secondsOf(args.text('from'), '--from') ?? 0;
  const to = secondsOf(args.text('to'), '--to') ?? Math.max(...whole.map(({ seconds }) => seconds));
  const stepSeconds = secondsOf(args.text('step'), '--step') ?? 15;
  if (to <= from) throw usageError(`${command}: --to (${to} s) must be after --from (${from} s)`);
  if (stepSeconds < 1) throw usageError(`${command}: --step must be at least 1s`);
  const replicas = args.text('replicas');
  if (replicas !== undefined && !/^\d+$/.test(replicas))
    throw usageError(`${command}: --replicas must be a whole number, got "${replicas}"`);
  return {
    target: target ?? targetOf(files, args.text('name')),
    loads: whole.map((load) => cutLoad(load, from, to)),
    loadNames,
    ...(model ? { model } : {}),
    seconds: to - from,
    stepSeconds,
    ...(replicas === undefined ? {} : { initialReplicas: Number(replicas) }),
  };
}

export function optionsOf({ loadNames: _names, ...options }: SimulationRequest): SimulationOptions {
  return options;
}
