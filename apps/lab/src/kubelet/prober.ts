import type { Scheduler } from '@scalelab/kube';
import type { Probe } from '@scalelab/manifests';
import type { ProbeResult } from './probe';

export type ProbeKind = 'startup' | 'readiness' | 'liveness';

export interface ProberOptions {
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly scheduler: Scheduler;
  /** Tries once, within the time limit. */
  readonly attempt: (timeoutMs: number) => Promise<ProbeResult>;
  /** A verdict: threshold reached, up or down. Repeated only when it changes. */
  readonly onVerdict: (ok: boolean, message: string) => void;
  /** A failed try that counts, for the Unhealthy event. */
  readonly onFailure: (message: string) => void;
}

/** Wait before the second try of a container that has not yet succeeded, ms; grows to the longest. */
const firstRetryMs = 20;
const longestRetryMs = 100;
/** After so long without a success a container is not just starting: probe it as often as a second. */
const impatientForMs = 30_000;

/**
 * Runs one probe of one container. Until its first success a startup or readiness probe is retried every 20 to 100 ms, so that a
 * service that starts in 100 ms is ready in 120; failures still count once a period, so that thresholds mean the time they say.
 */
export class Prober {
  private readonly probe: Probe;
  private stopped = false;
  private cancel: () => void = () => undefined;
  private verdict: boolean;
  private succeeded = false;
  private successes = 0;
  private failures = 0;
  private firstTryMs = 0;
  private lastCountedMs = 0;
  private retryMs = firstRetryMs;

  constructor(private readonly options: ProberOptions) {
    this.probe = options.probe;
    // Kubernetes' starting values: alive until proven dead, not ready until proven ready.
    this.verdict = options.kind === 'liveness';
  }

  start(): void {
    this.firstTryMs = this.options.scheduler.now() + (this.probe.initialDelaySeconds ?? 0) * 1000;
    this.lastCountedMs = this.firstTryMs;
    this.wake(this.firstTryMs);
  }

  stop(): void {
    this.stopped = true;
    this.cancel();
  }

  private get periodMs(): number {
    return (this.probe.periodSeconds ?? 10) * 1000;
  }

  private get eager(): boolean {
    return !this.succeeded && this.options.kind !== 'liveness';
  }

  private wake(atMs: number): void {
    this.cancel = this.options.scheduler.wakeAt(atMs, () => void this.run());
  }

  private async run(): Promise<void> {
    const startedMs = this.options.scheduler.now();
    const result = await this.options.attempt((this.probe.timeoutSeconds ?? 1) * 1000);
    if (this.stopped) return;
    if (result.ok) this.succeed();
    else this.fail(result.message);
    if (this.stopped) return;
    this.wake(this.nextTry(startedMs));
  }

  private nextTry(startedMs: number): number {
    const nowMs = this.options.scheduler.now();
    if (!this.eager) return Math.max(nowMs, startedMs + this.periodMs);
    const retryMs = this.retryMs;
    this.retryMs = Math.min(longestRetryMs, this.retryMs * 1.25);
    const patient = nowMs - this.firstTryMs > impatientForMs;
    return nowMs + (patient ? Math.min(1000, this.periodMs) : retryMs);
  }

  private succeed(): void {
    this.failures = 0;
    this.successes += 1;
    if (this.successes < (this.probe.successThreshold ?? 1)) return;
    this.succeeded = true;
    this.decide(true, '');
  }

  private fail(message: string): void {
    this.successes = 0;
    const nowMs = this.options.scheduler.now();
    if (this.eager && nowMs - this.lastCountedMs < this.periodMs) return;
    this.lastCountedMs = nowMs;
    this.failures += 1;
    this.options.onFailure(message);
    if (this.failures >= (this.probe.failureThreshold ?? 3)) this.decide(false, message);
  }

  private decide(ok: boolean, message: string): void {
    // A startup probe that runs out of tries must be told even though its verdict was never yes.
    if (ok === this.verdict && !(this.options.kind === 'startup' && !ok)) return;
    this.verdict = ok;
    this.options.onVerdict(ok, message);
  }
}
