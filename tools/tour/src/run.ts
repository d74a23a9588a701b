import { createTablePort } from '@scalelab/aws';
import { kubeClientFromKubeconfig } from '@scalelab/kube';
import { decodeLine, projectReport, type HeaderLine, type TimedLine, workloadsOf } from '@scalelab/recording';
import { Board } from './board';
import { LabProcess } from './lab-process';
import type { TourOptions } from './options';
import { plans } from './plans';
import { RecordingTail } from './recording-tail';
import { writeReport } from './report-files';
import { Screen, type Output } from './screen';
import { summary } from './summary';
import { runTour } from './tour';

export interface RunDeps {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
}

/** Starts the lab, tours it or leaves it idle, and stops it. Resolves to the exit code. */
export async function run(options: TourOptions, { root, env, stdout }: RunDeps): Promise<number> {
  const begin = performance.now();
  const stop = new AbortController();
  const died = Promise.withResolvers<string>();
  const problems: string[] = [];
  const voice: { say?: (text: string) => void } = {};
  const interrupted = onInterrupt(stop);
  const lab = await LabProcess.start({
    root,
    args: labArgs(options),
    env,
    onDeath: died.resolve,
    onProblem: (text) => {
      problems.push(text);
      voice.say?.(text);
    },
  });
  const recording = await followRecording(lab.ready.recording);
  const screen = new Screen(
    stdout,
    () => recording.board.all(),
    () => recording.seconds(),
    env,
  );
  screen.say(
    `lab ready in ${((performance.now() - begin) / 1_000).toFixed(1)} s: ${lab.ready.url}, KUBECONFIG=${lab.ready.kubeconfig}`,
  );
  voice.say = (text) => screen.say(text);
  problems.forEach((text) => screen.say(text));
  screen.start();
  let code = 0;
  const death = died.promise.then((how) => {
    screen.say(how);
    stop.abort();
    return 1;
  });
  try {
    code = options.idle
      ? await Promise.race([death, aborted(stop.signal)])
      : await tour(options, { lab, recording, screen, env, death, signal: stop.signal, begin, problems });
    if (!options.once && !options.idle && !stop.signal.aborted) {
      screen.say('the tour is over; the lab goes on until Ctrl-C');
      code = Math.max(code, await Promise.race([death, aborted(stop.signal)]));
    }
  } finally {
    screen.stop();
    await recording.tail.stop();
    const labCode = await lab.stop();
    if (labCode !== 0 && code === 0) code = labCode;
    stdout.write(
      labCode === 0
        ? 'stopped: no process, port or temporary file is left\n'
        : `the lab did not stop cleanly: exit ${labCode}\n`,
    );
    interrupted.forget();
  }
  return code;
}

interface TourParts {
  readonly lab: LabProcess;
  readonly recording: FollowedRecording;
  readonly screen: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly death: Promise<number>;
  readonly signal: AbortSignal;
  readonly begin: number;
  readonly problems: readonly string[];
}

async function tour(
  options: TourOptions,
  { lab, recording, screen, env, death, signal, begin, problems }: TourParts,
): Promise<number> {
  const tables = createTablePort({
    endpoint: env.LOCALSTACK_URL ?? 'http://127.0.0.1:4566',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const chosen = plans.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  const touring = runTour({
    client: kubeClientFromKubeconfig(lab.ready.kubeconfig),
    tables,
    brokers: (env.KAFKA_BROKERS ?? '127.0.0.1:9092').split(','),
    plans: chosen,
    header: () => recording.header(),
    recorded: async () => {
      await recording.until(recording.seconds(), 10_000);
      return recording.lines;
    },
    say: (text) => screen.say(text),
    problems: () => problems,
    signal,
  });
  const result = await Promise.race([touring, death]);
  await tables.close();
  if (typeof result === 'number') return result;
  if (signal.aborted) return 130;
  if (options.reportDir !== null) {
    const report = await writeReport(options.reportDir, result.recording);
    for (const line of summary(report, (performance.now() - begin) / 1_000)) screen.say(line);
    screen.say(`report: ${options.reportDir}/report.html`);
  } else {
    for (const line of summary(projectReport(result.recording), (performance.now() - begin) / 1_000))
      screen.say(line);
  }
  return result.ok ? 0 : 1;
}

interface FollowedRecording {
  readonly board: Board;
  readonly lines: readonly TimedLine[];
  readonly tail: RecordingTail;
  header(): HeaderLine;
  /** Seconds since the recording's start. */
  seconds(): number;
  /** Resolves once the lab has written down what happened up to then, or when the time is over. */
  until(t: number, timeoutMs: number): Promise<void>;
}

async function followRecording(path: string): Promise<FollowedRecording> {
  const lines: TimedLine[] = [];
  const first = Promise.withResolvers<HeaderLine>();
  let header: HeaderLine | undefined;
  const targets = new Map<string, number | null>();
  const order = plans.map(({ namespace, name }) => ({ namespace, name }));
  const board = new Board(order, ({ namespace, name }) => targets.get(`${namespace}/${name}`) ?? null);
  const tail = new RecordingTail(path, (text) => {
    const line = decodeLine(text);
    if (line.kind === 'header') {
      header = line;
      first.resolve(line);
      return;
    }
    lines.push(line);
    if (line.kind === 'manifest' && header) {
      const manifests = lines.filter((one) => one.kind === 'manifest');
      for (const { namespace, name, target } of workloadsOf({ header, lines: manifests }))
        targets.set(`${namespace}/${name}`, target);
    }
    board.take(line);
  });
  await tail.start();
  const known = await first.promise;
  const until = async (t: number, timeoutMs: number) => {
    const end = performance.now() + timeoutMs;
    while ((lines.at(-1)?.t ?? 0) <= t && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await tail.catchUp();
    }
  };
  return {
    board,
    lines,
    tail,
    until,
    header: () => known,
    seconds: () => (Date.now() - Date.parse(known.startedAt)) / 1_000,
  };
}

function labArgs(options: TourOptions): string[] {
  return [
    '--speed',
    options.speed,
    ...options.only.flatMap((name) => ['--only', name]),
    ...options.images.flatMap((image) => ['--image', image]),
    ...options.manifests.flatMap((path) => ['--manifests', path]),
  ];
}

/** Signals so close together are one wish, ms. */
const samePressMs = 300;

/** First signal: stop in order. Second: at once. */
function onInterrupt(stop: AbortController) {
  let firstMs = 0;
  const handler = () => {
    // Ctrl-C reaches the whole process group, and npm and its script may pass it on once more: one press, not two.
    if (stop.signal.aborted && performance.now() - firstMs < samePressMs) return;
    if (stop.signal.aborted) process.exit(130);
    firstMs = performance.now();
    stop.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, handler);
  return { forget: () => signals.forEach((signal) => process.off(signal, handler)) };
}

function aborted(signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(0);
    else signal.addEventListener('abort', () => resolve(0), { once: true });
  });
}
