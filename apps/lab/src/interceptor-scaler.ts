import {
  objectKey,
  resources,
  type CancelWake,
  type InformerSet,
  type KubeObject,
  type Scheduler,
} from '@scalelab/kube';
import type { InterceptorRoute } from '@scalelab/manifests';
import { beginRouteCounts, stepRouteCounts, type RouteCountsState } from '@scalelab/scaling';
import type { InterceptorScaler, RouteLoad } from '@scalelab/triggers';
import type { InterceptorProcess } from './interceptor';

/** How often the HTTP add-on's scaler asks the interceptors, ms. */
const tickMs = 500;

interface Known {
  readonly spec: string;
  state: RouteCountsState;
  load: RouteLoad | undefined;
}

export interface RouteScalerOptions {
  readonly informers: InformerSet;
  readonly scheduler: Scheduler;
  readonly interceptor: Pick<InterceptorProcess, 'counts'>;
  readonly onError: (error: unknown) => void;
}

/** The scaler of the HTTP add-on: keeps each route's concurrency and request rate from the interceptor's counters. */
export class RouteScaler implements InterceptorScaler {
  private readonly known = new Map<string, Known>();
  private readonly routes;
  private wake: CancelWake = () => undefined;
  private ticking = false;
  private stopped = false;

  constructor(private readonly options: RouteScalerOptions) {
    this.routes = options.informers.of<InterceptorRoute & KubeObject>(resources.InterceptorRoute);
    this.routes.on({ added: () => this.begin() });
  }

  load(namespace: string, route: string): RouteLoad | undefined {
    return this.known.get(`${namespace}/${route}`)?.load;
  }

  stop(): void {
    this.stopped = true;
    this.wake();
  }

  /** Ticks only while there is a route. */
  private begin(): void {
    if (this.ticking || this.stopped) return;
    this.ticking = true;
    void this.tick();
  }

  private async tick(): Promise<void> {
    const { scheduler, interceptor, onError } = this.options;
    const begun = scheduler.now();
    try {
      this.take(begun, await interceptor.counts());
    } catch (error) {
      onError(error);
    }
    this.ticking = !this.stopped && this.routes.list().length > 0;
    if (this.ticking) this.wake = scheduler.wakeAt(begun + tickMs, () => void this.tick());
  }

  private take(atMs: number, counts: Awaited<ReturnType<InterceptorProcess['counts']>>): void {
    const present = new Set<string>();
    for (const route of this.routes.list()) {
      const key = objectKey(route);
      present.add(key);
      const known = this.knownOf(key, route);
      const answer = counts[key];
      const step = stepRouteCounts(known.state, atMs, {
        interceptor: answer ? { concurrency: answer.concurrency, requestCount: answer.requests } : null,
      });
      known.state = step.state;
      if (answer) known.load = { concurrency: step.concurrency, requestRate: step.requestRate };
    }
    for (const key of this.known.keys()) if (!present.has(key)) this.known.delete(key);
  }

  private knownOf(key: string, route: InterceptorRoute): Known {
    const spec = JSON.stringify(route.spec.scalingMetric ?? {});
    const known = this.known.get(key);
    if (known?.spec === spec) return known;
    const fresh: Known = { spec, state: beginRouteCounts(route.spec.scalingMetric ?? {}), load: undefined };
    this.known.set(key, fresh);
    return fresh;
  }
}
