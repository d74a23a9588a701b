import type { ContainerResources } from '@scalelab/scaling';
import type { Pods } from '../workload/pods';
import type { SignalSource } from '../workload/source';
import type { DueTimes } from './due-times';
import { NewsOfDecisions, type SimulatedDecision, type Undecided } from './decided';
import type { SimulationObserver } from './observer';
import type { ScaleHistory } from './scale-history';

/** What the parts of one run share. */
export class World {
  readonly decisions: SimulatedDecision[] = [];
  readonly counts = { hpaSyncs: 0, kedaPolls: 0, metricRequests: 0 };
  private readonly news = new NewsOfDecisions();

  constructor(
    readonly startMs: number,
    readonly source: SignalSource,
    readonly pods: Pods,
    readonly history: ScaleHistory,
    readonly due: DueTimes<(nowMs: number) => void>,
    readonly observer: SimulationObserver,
    private readonly keepsDecisions: boolean,
  ) {}

  /** spec.replicas of the scale target. */
  get replicas(): number {
    return this.pods.count;
  }

  setScale(replicas: number, nowMs: number): void {
    const readyAtMs = this.pods.scale(replicas, nowMs);
    this.history.changed(nowMs, replicas);
    if (readyAtMs !== null && readyAtMs > nowMs) this.due.add(readyAtMs, (atMs) => this.pods.settle(atMs));
  }

  /** Pods die; what they worked on comes back after that many seconds. */
  killPods(count: number, nowMs: number, redeliverySeconds: number): void {
    const { pods, due } = this;
    const { queue } = this.source;
    const { ready } = pods;
    const { killed, readyAtMs } = pods.kill(count, nowMs);
    if (killed === 0) return;
    due.add(readyAtMs, (atMs) => pods.settle(atMs));
    for (const lost of queue?.lose(Math.ceil((queue.begunCount * killed) / ready)) ?? [])
      due.add(nowMs + redeliverySeconds * 1_000, (atMs) => queue?.comeBack(atMs, lost));
  }

  /** Keeps what is news, in words. */
  decided(
    nowMs: number,
    decision: Undecided,
    explain: () => Pick<SimulatedDecision, 'sentence' | 'steps'>,
  ): void {
    if (!this.keepsDecisions || !this.news.isNews(decision)) return;
    this.decisions.push({ t: (nowMs - this.startMs) / 1_000, ...decision, ...explain() });
  }
}

/** What a pod of the target asks for and uses. */
export interface PodShape {
  readonly requests?: ContainerResources;
  /** Milli-CPU and bytes... of each container when all hands are busy, by resource; default its request. */
  readonly cpuMilliPerItem: number | null;
  readonly concurrency: number;
}
