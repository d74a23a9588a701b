import { randomUUID } from 'node:crypto';
import type { KafkaProducer } from '@scalelab/kafka';
import { type KubeClient, type KubeObject, resources } from '@scalelab/kube';
import type { HeaderLine, LoadLine, TimedLine } from '@scalelab/recording';
import type { Evidence, RequestEvidence, Tested } from './evidence';
import { call, mustCall } from './http';
import type { Plan, PlanContext } from './plan';
import type { WorkloadWatch } from './workload-watch';

export interface StageDeps {
  readonly client: KubeClient;
  readonly watch: WorkloadWatch;
  /** Seconds since the recording's start. */
  readonly seconds: () => number;
  readonly signal: AbortSignal;
  readonly record: (line: LoadLine) => void;
  readonly producer: () => Promise<KafkaProducer>;
  /** The `tour` ids of a table's items, one entry an item. */
  readonly storedIds: (table: string, payload: string) => Promise<string[]>;
  readonly say: (text: string) => void;
}

interface Deployment extends KubeObject {
  readonly spec: { readonly selector: { readonly matchLabels: Readonly<Record<string, string>> } };
}

interface Pod extends KubeObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Gives one plan what it may do, and collects its evidence. */
export class Stage {
  private readonly tested: Tested[] = [];
  private readonly sentIds: string[] = [];
  private requests: RequestEvidence | null = null;
  private readonly calm = Promise.withResolvers<void>();

  /** Resolves when the plan puts no more load on anything. */
  readonly quiet = this.calm.promise;

  constructor(
    private readonly plan: Plan,
    private readonly deps: StageDeps,
  ) {}

  async play(): Promise<void> {
    try {
      await this.plan.run(this.context());
    } finally {
      this.calm.resolve();
    }
  }

  /** What the checks look at. Reads the store anew. */
  async evidence(header: HeaderLine, lines: readonly TimedLine[]): Promise<Evidence> {
    const { namespace, name, store } = this.plan;
    const mine = lines.filter(
      (line) => 'workload' in line && line.workload?.namespace === namespace && line.workload.name === name,
    );
    return {
      workload: { namespace, name },
      tested: this.tested,
      observations: this.deps.watch.observations(namespace, name),
      messages: store
        ? { sentIds: this.sentIds, storedIds: await this.deps.storedIds(store.table, store.payload) }
        : null,
      requests: this.requests,
      header,
      lines: [...lines.filter((line) => line.kind === 'manifest'), ...mine].sort((a, b) => a.t - b.t),
    };
  }

  private context(): PlanContext {
    const { deps, plan } = this;
    const { namespace, name } = plan;
    return {
      signal: deps.signal,
      call,
      mustCall,
      newId: randomUUID,
      pause: (milliseconds) => pause(milliseconds, deps.signal),
      load: (description, amount = {}) =>
        deps.record({
          kind: 'load',
          t: deps.seconds(),
          workload: { namespace, name },
          description,
          ...amount,
        }),
      sent: (ids) => void this.sentIds.push(...ids),
      quiet: () => this.calm.resolve(),
      requests: (evidence) => {
        this.requests = evidence;
      },
      expecting: async (expectation, work) => {
        deps.say(
          `${name}: ${expectation.phase}: expecting it ${expectation.kind} ${expectation.replicas} (${expectation.because})`,
        );
        const fromT = deps.seconds();
        await work();
        this.tested.push({ expectation, fromT, toT: deps.seconds() });
      },
      replicas: (count, timeoutMs) =>
        deps.watch.until(
          namespace,
          name,
          ({ replicas, ready }) => replicas === count && ready === count,
          timeoutMs,
          deps.signal,
        ),
      produce: async (topic, values) => {
        const producer = await deps.producer();
        await producer.send(
          topic,
          values.map((value) => ({ value: JSON.stringify(value) })),
        );
      },
      killPod: () => this.killPod(),
      stored: (timeoutMs) => this.stored(timeoutMs),
    };
  }

  private async killPod(): Promise<boolean> {
    const { client, say } = this.deps;
    const { namespace, name } = this.plan;
    const deployment = await client.get<Deployment>(resources.Deployment, namespace, name);
    const labelSelector = Object.entries(deployment.spec.selector.matchLabels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    const { items } = await client.list<Pod>(resources.Pod, { namespace, labelSelector });
    const victim = items.find(
      ({ metadata, status }) =>
        !metadata.deletionTimestamp &&
        status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    );
    if (!victim) return false;
    await client.delete(resources.Pod, namespace, victim.metadata.name, { gracePeriodSeconds: 0 });
    say(`${name}: killed pod ${victim.metadata.name} (SIGKILL)`);
    return true;
  }

  private async stored(timeoutMs: number): Promise<boolean> {
    const { store } = this.plan;
    if (!store) return true;
    const end = performance.now() + timeoutMs;
    while (performance.now() < end && !this.deps.signal.aborted) {
      const have = new Set(await this.deps.storedIds(store.table, store.payload));
      if (this.sentIds.every((id) => have.has(id))) return true;
      await pause(2_000, this.deps.signal);
    }
    return false;
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
