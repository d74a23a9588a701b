import {
  explainHpa,
  hpaSync,
  type ControllerFlags,
  type HpaDecision,
  type HpaInput,
  type HpaManifest,
  type HpaSpec,
  type HpaState,
} from '@scalelab/scaling';
import type { Undecided } from './decided';
import { podUsage } from './pod-usage';
import type { PodShape, World } from './world';

/** Values of external metrics, or the error of asking for them. */
export type ExternalAnswer = { readonly values: readonly string[] } | { readonly error: string };

export interface HpaDriverOptions {
  readonly flags?: Partial<ControllerFlags>;
  readonly kubernetes?: string;
  /** Seconds after a multiple of the sync period at which syncs fall; default: one period after creation. */
  readonly phaseSeconds?: number;
  readonly shape: PodShape;
  /** Asks for an external metric, as the sync does. */
  readonly ask: (nowMs: number, metric: string) => ExternalAnswer;
}

/** The HPA controller of one run. */
export class HpaDriver {
  private state: HpaState | null = null;
  manifest: HpaManifest | null = null;
  private asked: readonly string[] = [];
  private needsPods = false;
  private objectNames: readonly string[] = [];
  private podNames: readonly string[] = [];

  constructor(
    private readonly world: World,
    private readonly options: HpaDriverOptions,
  ) {}

  write(nowMs: number, manifest: HpaManifest): void {
    const before = this.manifest;
    this.manifest = manifest;
    const spec = manifest.spec as HpaSpec;
    const metrics = spec.metrics ?? [];
    this.asked = metrics.flatMap((metric) =>
      metric.type === 'External' ? [metric.external.metric.name] : [],
    );
    this.objectNames = metrics.flatMap((metric) =>
      metric.type === 'Object' ? [metric.object.metric.name] : [],
    );
    this.podNames = metrics.flatMap((metric) => (metric.type === 'Pods' ? [metric.pods.metric.name] : []));
    this.needsPods = !metrics.every(
      (metric) => metric.type === 'External' && metric.external.target.type === 'AverageValue',
    );
    if (this.state === null) {
      const { flags, kubernetes } = this.options;
      this.state = hpaSync.init({
        spec,
        createdAtMs: this.createdAtMs(nowMs),
        ...(flags ? { flags } : {}),
        ...(kubernetes === undefined ? {} : { kubernetes }),
        scaleTarget: {
          kind: manifest.spec.scaleTargetRef.kind,
          namespace: manifest.metadata.namespace ?? 'default',
          name: manifest.spec.scaleTargetRef.name,
        },
      });
    } else
      this.state = hpaSync.change(this.state, { hpa: spec, ...(before ? {} : { hpaRecreatedAtMs: nowMs }) });
    this.world.observer.hpa?.(nowMs, before ? 'modified' : 'added', manifest);
    this.schedule();
  }

  delete(nowMs: number): void {
    const { manifest } = this;
    if (this.state === null || manifest === null) return;
    this.manifest = null;
    this.state = hpaSync.change(this.state, { hpaDeletedAtMs: nowMs });
    this.world.observer.hpa?.(nowMs, 'deleted', manifest);
  }

  private createdAtMs(nowMs: number): number {
    const { phaseSeconds, flags } = this.options;
    if (phaseSeconds === undefined) return nowMs;
    const periodMs = (flags?.syncPeriodSeconds ?? 15) * 1_000;
    const phaseMs = this.world.startMs + phaseSeconds * 1_000;
    return phaseMs + Math.ceil((nowMs - phaseMs) / periodMs) * periodMs - periodMs;
  }

  private schedule(): void {
    const at = this.state?.nextDueAtMs ?? null;
    // On a cluster the HPA exists a moment before KEDA's first poll, so its syncs come before polls of the same time.
    if (at !== null) this.world.due.add(at, (nowMs) => this.sync(nowMs), 0);
  }

  private sync(nowMs: number): void {
    // An older entry of the heap: the sync was moved.
    if (this.state === null || this.state.nextDueAtMs !== nowMs) return;
    const { world } = this;
    const input = this.input(nowMs);
    const { state, effects, decision } = hpaSync.step(this.state, nowMs, input);
    this.state = state;
    world.counts.hpaSyncs++;
    const words: Undecided = {
      loop: 'hpa',
      from: input.specReplicas,
      to: decision.specReplicasAfter,
      wanted: decision.proposedReplicas ?? null,
      reason: reasonOf(decision),
    };
    world.observer.hpaSync?.(nowMs, this.manifest?.metadata.name ?? '', input, decision, words);
    world.decided(nowMs, words, () => explainHpa(decision.trace));
    for (const effect of effects) if (effect.kind === 'setScale') world.setScale(effect.replicas, nowMs);
    this.schedule();
  }

  private input(nowMs: number): HpaInput {
    const { world } = this;
    const { replicas, pods } = world;
    const { minReplicas = 1, maxReplicas = 1 } = this.manifest?.spec ?? {};
    const counts = { specReplicas: replicas, statusReplicas: pods.count };
    // Without metrics to read, the controller asks nobody: a question has effects of its own on KEDA.
    if (this.manifest === null || replicas === 0 || replicas > maxReplicas || replicas < minReplicas)
      return counts;
    const externalMetrics: Record<string, readonly string[]> = {};
    const metricErrors: Record<string, string> = {};
    for (const metric of this.asked) {
      const answer = this.options.ask(nowMs, metric);
      if ('error' in answer) metricErrors[metric] = answer.error;
      else externalMetrics[metric] = answer.values;
    }
    return {
      ...counts,
      externalMetrics,
      metricErrors,
      ...(this.needsPods ? { pods: this.podList(nowMs) } : {}),
      ...this.objectMetrics(nowMs),
    };
  }

  private objectMetrics(nowMs: number): Pick<HpaInput, 'objectMetrics'> {
    const names = this.objectNames;
    if (names.length === 0) return {};
    const value = this.world.source.read(nowMs, 0).value ?? 0;
    return { objectMetrics: Object.fromEntries(names.map((name) => [name, String(value)])) };
  }

  private podList(nowMs: number): NonNullable<HpaInput['pods']> {
    const { world, options } = this;
    const share = world.source.busyShare();
    const value = world.source.read(nowMs, 0).value;
    const usage =
      share === null
        ? podUsage(options.shape, { totalPercent: value ?? 0, readyPods: world.pods.ready })
        : podUsage(options.shape, { share });
    const list = world.pods.list(nowMs, options.shape.requests, value === null ? undefined : usage);
    const names = this.podNames;
    if (names.length === 0 || value === null) return list;
    const each = String(Math.round((value / Math.max(1, world.pods.ready)) * 1_000) / 1_000);
    const podMetrics = Object.fromEntries(names.map((name) => [name, each]));
    return list.map((pod) => (pod.ready === true ? { ...pod, podMetrics } : pod));
  }
}

/** The word of the condition that says most about this sync. */
export function reasonOf({ conditions }: HpaDecision): string {
  const of = (type: string) => conditions.find((condition) => condition.type === type);
  const active = of('ScalingActive');
  if (active?.status === 'False') return active.reason;
  const limited = of('ScalingLimited');
  if (limited?.status === 'True') return limited.reason;
  return of('AbleToScale')?.reason ?? '';
}
