import { HeapScheduler, type KubeClient } from '@scalelab/kube';
import { createProducer, type KafkaProducer } from '@scalelab/kafka';
import type { TablePort } from '@scalelab/aws';
import type { HeaderLine, NoteLine, Recording, TimedLine } from '@scalelab/recording';
import { judge } from './checks';
import type { Plan } from './plan';
import { Stage } from './stage';
import { storedIds } from './stored-ids';
import { WorkloadWatch } from './workload-watch';

export interface TourDeps {
  readonly client: KubeClient;
  readonly tables: TablePort;
  /** `host:port` of brokers. */
  readonly brokers: readonly string[];
  readonly plans: readonly Plan[];
  readonly header: () => HeaderLine;
  /** What the lab recorded so far. */
  readonly recorded: () => Promise<readonly TimedLine[]>;
  readonly say: (text: string) => void;
  /** What stands in the lab's way: the tour's requests might reach another program. */
  readonly problems: () => readonly string[];
  readonly signal: AbortSignal;
}

export interface TourResult {
  readonly recording: Recording;
  readonly ok: boolean;
}

/** The tour cannot begin; the message says what to do. */
export class TourBlocked extends Error {
  override readonly name = 'TourBlocked';
}

/** How long the workloads may take to come up, ms. */
const settleMs = 90_000;

/** Puts load on each workload, watches what happens through the API, and judges it. */
export async function runTour(deps: TourDeps): Promise<TourResult> {
  const { header, plans, say, signal } = deps;
  const startedAt = Date.parse(header().startedAt);
  const seconds = () => (Date.now() - startedAt) / 1_000;
  const own: TimedLine[] = [];
  const ended = new AbortController();
  const watch = new WorkloadWatch(deps.client, new HeapScheduler(), seconds);
  const producer = lazyProducer(deps.brokers);
  await watch.start(ended.signal);
  if (!(await watch.settled(settleMs, signal)) && !signal.aborted) {
    throw new TourBlocked(`the workloads did not come up within ${settleMs / 1_000} s`);
  }
  if (deps.problems().length > 0) throw new TourBlocked(deps.problems().join('\n'));
  say(`all workloads are at their minimum after ${seconds().toFixed(1)} s`);
  const stages = plans.map(
    (plan) =>
      new Stage(plan, {
        client: deps.client,
        watch,
        seconds,
        signal,
        record: (line) => own.push(line),
        producer: producer.get,
        storedIds: (table, payload) => storedIds(deps.tables, table, payload),
        say,
      }),
  );
  const play = async (at: number) => {
    try {
      await stages[at]?.play();
    } catch (error) {
      own.push(note(seconds(), plans[at], `${plans[at]?.name}: ${(error as Error).message}`));
      say(`${plans[at]?.name}: ${(error as Error).message}`);
    }
  };
  const together = plans.flatMap((plan, at) => (plan.alone ? [] : [at]));
  const alone = plans.flatMap((plan, at) => (plan.alone ? [at] : []));
  const playing = together.map(play);
  await Promise.all(together.map(async (at) => stages[at]?.quiet));
  for (const at of alone) await play(at);
  await Promise.all(playing);
  const lines = await deps.recorded();
  let ok = !signal.aborted && plans.length > 0;
  for (const [at, stage] of stages.entries()) {
    const verdict = judge(await stage.evidence(header(), lines));
    // A plan that broke off has untested expectations, which did not hold.
    const untested = (plans[at]?.expectations.length ?? 0) - verdict.tested;
    if (!verdict.ok || untested > 0) ok = false;
    own.push(...verdict.expectations.map((line) => ({ ...line, t: seconds() })));
    if (verdict.messages) own.push({ ...verdict.messages, t: seconds() });
    if (untested > 0) own.push(note(seconds(), plans[at], `${untested} expectations were not tested`));
  }
  ended.abort();
  await producer.close();
  const merged = [...lines, ...own].sort((a, b) => a.t - b.t);
  return {
    recording: { header: header(), lines: merged },
    ok: ok && !own.some((line) => line.kind === 'note' && line.level === 'error'),
  };
}

function note(t: number, plan: Plan | undefined, text: string): NoteLine {
  return {
    kind: 'note',
    t,
    level: 'error',
    text,
    ...(plan && { workload: { namespace: plan.namespace, name: plan.name } }),
  };
}

function lazyProducer(brokers: readonly string[]) {
  let made: Promise<KafkaProducer> | undefined;
  return {
    get: () =>
      (made ??= (async () => {
        const producer = createProducer({ brokers, clientId: 'tour' });
        await producer.connect();
        return producer;
      })()),
    close: async () => {
      const producer = await made?.catch(() => undefined);
      await producer?.close();
    },
  };
}
