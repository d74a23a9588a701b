import type { Container, Probe } from '@scalelab/manifests';
import type { Launch } from './launch';
import type { PodContext } from './pod-context';
import { tryProbe } from './probe';
import { probeContext } from './probe-context';
import { Prober, type ProbeKind } from './prober';

export interface ContainerProbesHandlers {
  environment(): Launch | undefined;
  onStarted(): void;
  onReady(ready: boolean): void;
  /** A startup or liveness probe gave up; `graceSeconds` is the probe's own, when it has one. */
  onDead(kind: ProbeKind, graceSeconds: number | undefined): void;
}

/** The probes of one run of a container: startup first, then readiness and liveness together. */
export class ContainerProbes {
  private readonly probers: Prober[] = [];
  private stopped = false;

  constructor(
    private readonly context: PodContext,
    private readonly container: Container,
    private readonly handlers: ContainerProbesHandlers,
  ) {}

  start(): void {
    const { startupProbe } = this.container;
    if (!startupProbe) return this.afterStartup();
    const startup = this.begin('startup', startupProbe, (ok) => {
      startup.stop();
      if (ok) this.afterStartup();
      else this.handlers.onDead('startup', startupProbe.terminationGracePeriodSeconds);
    });
  }

  stop(): void {
    this.stopped = true;
    for (const prober of this.probers) prober.stop();
  }

  private afterStartup(): void {
    const { livenessProbe, readinessProbe } = this.container;
    this.handlers.onStarted();
    if (readinessProbe) this.begin('readiness', readinessProbe, (ok) => this.handlers.onReady(ok));
    else this.handlers.onReady(true);
    if (livenessProbe) {
      this.begin('liveness', livenessProbe, (ok) => {
        if (!ok) this.handlers.onDead('liveness', livenessProbe.terminationGracePeriodSeconds);
      });
    }
  }

  private begin(kind: ProbeKind, probe: Probe, onVerdict: (ok: boolean) => void): Prober {
    const context = probeContext(this.context, this.container, this.handlers.environment);
    const title = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
    const prober = new Prober({
      kind,
      probe,
      scheduler: this.context.scheduler,
      attempt: (timeoutMs) => tryProbe(probe, context, timeoutMs),
      onVerdict: (ok) => {
        if (!this.stopped) onVerdict(ok);
      },
      onFailure: (message) => {
        if (this.stopped) return;
        this.context.events.warning(
          this.context.pod(),
          'Unhealthy',
          `${title} probe failed: ${message}`,
          this.container.name,
        );
      },
    });
    this.probers.push(prober);
    prober.start();
    return prober;
  }
}
