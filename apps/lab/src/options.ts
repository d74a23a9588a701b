import { parseArgs } from 'node:util';

export interface LabOptions {
  readonly speed: 'demo' | 'production';
  /** Only these workloads; empty: all. */
  readonly only: readonly string[];
  /** False: nothing of the profile, not even emulators; what runs is what `manifests` name. Default true. */
  readonly defaults: boolean;
  /** NAME=COMMAND */
  readonly images: readonly string[];
  /** Files or folders beside the profile's own. */
  readonly manifests: readonly string[];
  /** API port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** Descriptor of the pipe to whoever started the lab: readiness is told there, and its end stops the lab. */
  readonly controlFd: number | null;
  /** Where the recording goes; null: into the run folder, which goes when the lab stops. */
  readonly recording: string | null;
  /** Where kubeconfig, logs and pod folders go; null: a new temporary folder. */
  readonly runDir: string | null;
}

/** A command line that cannot be run: one line, exit code 2. */
export class LabUsageError extends Error {
  override readonly name = 'LabUsageError';
}

/** @throws LabUsageError naming the option, what was given and what is allowed */
export function parseLabOptions(args: readonly string[]): LabOptions {
  const values = parse(args);
  const { speed = 'demo' } = values;
  if (speed !== 'demo' && speed !== 'production')
    throw new LabUsageError(`--speed takes demo or production, not "${speed}"`);
  for (const image of values.image ?? []) {
    if (!/^[^=]+=.+$/.test(image)) throw new LabUsageError(`--image takes NAME=COMMAND, not "${image}"`);
  }
  if (values['no-defaults'] && values.only)
    throw new LabUsageError('--no-defaults and --only exclude each other: there is nothing to pick from');
  return {
    speed,
    only: values.only ?? [],
    defaults: !values['no-defaults'],
    images: values.image ?? [],
    manifests: values.manifests ?? [],
    port: whole('--port', values.port ?? '0', 65_535),
    controlFd: values['control-fd'] === undefined ? null : whole('--control-fd', values['control-fd'], 1_024),
    recording: values.recording ?? null,
    runDir: values['run-dir'] ?? null,
  };
}

function whole(option: string, text: string, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value <= most))
    throw new LabUsageError(`${option} takes a whole number from 0 to ${most}, not "${text}"`);
  return value;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        speed: { type: 'string' },
        only: { type: 'string', multiple: true },
        'no-defaults': { type: 'boolean' },
        image: { type: 'string', multiple: true },
        manifests: { type: 'string', multiple: true },
        port: { type: 'string' },
        'control-fd': { type: 'string' },
        recording: { type: 'string' },
        'run-dir': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new LabUsageError((error as Error).message.split('. ')[0] ?? 'bad options', { cause: error });
  }
}
