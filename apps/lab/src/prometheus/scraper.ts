import { Agent, get } from 'node:http';
import { type InformerSet, resources, type CancelWake, type Scheduler } from '@scalelab/kube';
import type { EndpointSlice, Service, ServiceMonitor } from '@scalelab/manifests';
import { type SampleStore, ScrapeTarget } from '@scalelab/promql';
import { discover, type DiscoveryOptions } from './discovery';
import type { Target } from './target';

export interface ScraperOptions extends DiscoveryOptions {
  readonly informers: InformerSet;
  readonly scheduler: Scheduler;
  readonly store: SampleStore;
  /** Where an address of the lab can be reached; undefined: nowhere. */
  readonly connectTarget: (
    address: string,
    port: number,
  ) => { readonly host: string; readonly port: number } | undefined;
  readonly onError: (target: Target, error: unknown) => void;
}

interface Loop {
  readonly target: Target;
  readonly scraped: ScrapeTarget;
  cancel: CancelWake;
  ended: boolean;
}

/** Scrapes what ServiceMonitors select, each target at its own interval, and forgets targets that go. */
export class Scraper {
  private readonly loops = new Map<string, Loop>();
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 2 });
  private pending: CancelWake | undefined;
  private stopped = false;

  constructor(private readonly options: ScraperOptions) {
    const changed = () => this.plan();
    const handlers = { added: changed, updated: changed, deleted: changed };
    options.informers.of(resources.ServiceMonitor).on(handlers);
    options.informers.of(resources.Service).on(handlers);
    options.informers.of(resources.EndpointSlice).on(handlers);
  }

  get targets(): readonly Target[] {
    return [...this.loops.values()].map(({ target }) => target);
  }

  stop(): void {
    this.stopped = true;
    this.pending?.();
    for (const loop of this.loops.values()) this.end(loop);
    this.agent.destroy();
  }

  /** Looks at the objects once for a burst of changes. */
  private plan(): void {
    if (this.stopped || this.pending) return;
    const { scheduler } = this.options;
    this.pending = scheduler.wakeAt(scheduler.now() + 50, () => {
      this.pending = undefined;
      this.refresh();
    });
  }

  private refresh(): void {
    const { informers, scheduler } = this.options;
    const wanted = new Map(
      discover(
        {
          monitors: informers.of(resources.ServiceMonitor).list() as unknown as ServiceMonitor[],
          services: informers.of(resources.Service).list() as unknown as Service[],
          slices: informers.of(resources.EndpointSlice).list() as unknown as EndpointSlice[],
        },
        this.options,
      ).map((target) => [target.key, target]),
    );
    for (const [key, loop] of this.loops) {
      if (wanted.has(key)) continue;
      this.loops.delete(key);
      this.end(loop);
      loop.scraped.remove(scheduler.now());
    }
    for (const [key, target] of wanted) {
      if (!this.loops.has(key)) this.begin(target);
    }
  }

  private begin(target: Target): void {
    const scraped = new ScrapeTarget(this.options.store, target.labels, { honorLabels: target.honorLabels });
    const loop: Loop = { target, scraped, cancel: () => undefined, ended: false };
    this.loops.set(target.key, loop);
    // A new pod is looked at without delay: its counters' first value would otherwise be missing from every increase().
    this.scrapeAndWait(loop);
  }

  private end(loop: Loop): void {
    loop.ended = true;
    loop.cancel();
  }

  private scrapeAndWait(loop: Loop): void {
    const { scheduler, onError } = this.options;
    const begun = scheduler.now();
    loop.cancel = scheduler.wakeAt(begun + loop.target.intervalMs, () => this.scrapeAndWait(loop));
    this.fetch(loop.target).then(
      (text) => {
        if (loop.ended) return;
        try {
          loop.scraped.succeed(text, begun, (scheduler.now() - begun) / 1_000);
        } catch (error) {
          onError(loop.target, error);
        }
      },
      (error: unknown) => {
        if (loop.ended) return;
        loop.scraped.fail(begun, (scheduler.now() - begun) / 1_000);
        onError(loop.target, error);
      },
    );
  }

  private fetch({ address, port, path, timeoutMs }: Target): Promise<string> {
    const real = this.options.connectTarget(address, port);
    if (!real) return Promise.reject(new Error(`nothing listens at ${address}:${port}`));
    return new Promise((resolve, reject) => {
      const request = get(
        {
          ...real,
          path,
          agent: this.agent,
          headers: { accept: 'text/plain;version=0.0.4' },
          signal: AbortSignal.timeout(timeoutMs),
        },
        (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('error', reject);
          answer.on('end', () => {
            if (answer.statusCode === 200) resolve(Buffer.concat(parts).toString());
            else reject(new Error(`${address}:${port}${path} answered ${answer.statusCode}`));
          });
        },
      );
      request.on('error', reject);
    });
  }
}
