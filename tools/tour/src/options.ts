import { parseArgs } from 'node:util';

export interface TourOptions {
  /** Run the tour once without questions, then stop. */
  readonly once: boolean;
  /** Folder for report.json, report.html and recording.jsonl; null: no report. */
  readonly reportDir: string | null;
  /** Start the lab and put no load on it. */
  readonly idle: boolean;
  /** Only these workloads (and what they need); empty: all. */
  readonly only: readonly string[];
  readonly speed: 'demo' | 'production';
  /** Image name -> command line, for programs that the repository does not know. */
  readonly images: readonly string[];
  /** More manifests to apply: files or folders. */
  readonly manifests: readonly string[];
  readonly help: boolean;
}

/** A command line that cannot be run: one line for the user, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `usage: npm start -- [options]

  --once              run the tour without questions, then stop; exit 0 only when every expectation held
  --report DIR        write DIR/report.html, DIR/report.json and DIR/recording.jsonl
  --idle              start everything, put no load on it
  --only NAME         only this workload (repeatable)
  --speed demo|production
                      which values the workloads run with; default demo
  --image NAME=COMMAND
                      run pods of image NAME as this command (repeatable)
  --manifests PATH    apply these manifests as well: a file or a folder (repeatable)
  --help              this text
`;

/** @throws UsageError naming the option, what was given and what is allowed */
export function parseOptions(args: readonly string[], known: readonly string[]): TourOptions {
  const values = parse(args);
  const speed = values.speed ?? 'demo';
  if (speed !== 'demo' && speed !== 'production')
    throw new UsageError(`--speed takes demo or production, not ${quoted(speed)}`);
  for (const name of values.only ?? []) {
    if (!known.includes(name))
      throw new UsageError(`--only takes one of ${known.join(', ')}, not ${quoted(name)}`);
  }
  for (const image of values.image ?? []) {
    if (!/^[^=]+=.+$/.test(image)) throw new UsageError(`--image takes NAME=COMMAND, not ${quoted(image)}`);
  }
  if (values.idle && values.once)
    throw new UsageError('--idle and --once exclude each other: idle runs until it is stopped');
  if (values.idle && values.report !== undefined)
    throw new UsageError('--report needs the tour: leave --idle out');
  if (values.report === '') throw new UsageError('--report takes a folder, not an empty text');
  return {
    once: values.once ?? false,
    reportDir: values.report ?? null,
    idle: values.idle ?? false,
    only: values.only ?? [],
    speed,
    images: values.image ?? [],
    manifests: values.manifests ?? [],
    help: values.help ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        once: { type: 'boolean' },
        report: { type: 'string' },
        idle: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        speed: { type: 'string' },
        image: { type: 'string', multiple: true },
        manifests: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const first = (error as Error).message.split('\n')[0] ?? 'bad options';
    throw new UsageError(`${first.replace(/\. To specify.*$/, '')}; see --help`, { cause: error });
  }
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
