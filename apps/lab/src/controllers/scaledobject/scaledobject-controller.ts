import {
  labelSelectorMatcher,
  objectKey,
  resources,
  resourceTypeOf,
  type CancelWake,
  type Informer,
  type KubeObject,
  type WorkQueue,
} from '@scalelab/kube';
import type { Deployment, Pod } from '@scalelab/manifests';
import {
  explainKeda,
  kedaLoop,
  type HpaManifest,
  type KedaDecision,
  type KedaInput,
  type KedaLoopState,
  type KedaStep,
  type ScaledObject,
  type WorkloadFacts,
} from '@scalelab/scaling';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';
import type { ExternalMetricsSource } from '../horizontalpodautoscaler';
import { applyEffects } from './effects';
import { Serial } from './serial';
import type { ScaledObjectControllerOptions } from './sources';
import { askTriggers, serves, triggerContexts } from './trigger-answers';
import { withoutSecrets } from './without-secrets';
import { worthReconciling } from './worth-reconciling';

type Stored = ScaledObject & KubeObject;

interface Known {
  readonly uid: string;
  state: KedaLoopState;
  readonly serial: Serial;
  wake: CancelWake;
  wakeAtMs: number | null;
  polling: boolean;
}

type Given<I> = I extends KedaInput ? Omit<I, 'object' | 'workload'> : never;

const ownedBy = 'scaledObject';

/** Pause before a poll is tried again that failed before it decided anything, ms. */
const retryMs = 1_000;

/** KEDA's operator and metrics server: drives one reducer a ScaledObject and answers the HPA's requests live. */
export class ScaledObjectController implements Controller, ExternalMetricsSource {
  readonly name = 'keda-operator';
  readonly queue: WorkQueue;
  private readonly objects: Informer<Stored>;
  private readonly hpas: Informer;
  private readonly deployments: Informer<Deployment>;
  private readonly pods: Informer<Pod>;
  private readonly known = new Map<string, Known>();
  private stopped = false;

  constructor(
    private readonly context: ControllerContext,
    private readonly options: ScaledObjectControllerOptions,
  ) {
    this.queue = controllerQueue(context, this.name, 5);
    const { informers } = context;
    this.objects = informers.of<Stored>(resources.ScaledObject);
    this.hpas = informers.of(resources.HorizontalPodAutoscaler);
    this.deployments = informers.of<Deployment>(resources.Deployment);
    this.pods = informers.of<Pod>(resources.Pod);
    this.hpas.addIndex(ownedBy, (hpa) => ownersOf(hpa));
    this.objects.on({
      added: (object) => this.queue.add(objectKey(object)),
      updated: (object, old) => {
        if (worthReconciling(object, old)) this.queue.add(objectKey(object));
      },
      deleted: (object) => this.forget(object),
    });
    const changed = (hpa: KubeObject) => {
      for (const key of ownersOf(hpa)) this.queue.add(key);
    };
    this.hpas.on({
      updated: (hpa, old) => hpa.metadata.generation !== old.metadata.generation && changed(hpa),
      deleted: changed,
    });
  }

  async reconcile(key: string): Promise<void> {
    const object = this.objects.getByKey(key);
    if (!object) return;
    const known = this.knownOf(key, object);
    await known.serial.run(async () => {
      const contexts = await triggerContexts(this.options.client, object, this.targetOf(object));
      const hpaName = known.state.status.hpaName ?? `keda-hpa-${object.metadata.name}`;
      const named = object.spec.advanced?.horizontalPodAutoscalerConfig?.name;
      const hpa =
        this.hpas.get(object.metadata.namespace, named ?? hpaName) ??
        this.hpas.get(object.metadata.namespace, hpaName) ??
        null;
      await this.take(key, known, {
        kind: 'reconcile',
        hpa: hpa as (HpaManifest & KubeObject) | null,
        contexts: contexts.map((context) => (context instanceof Error ? undefined : context)),
      });
    });
  }

  /** external.metrics.k8s.io: the HPA controller asks, KEDA asks the trigger. */
  async read(
    namespace: string,
    metric: string,
    matchLabels: Readonly<Record<string, string>>,
  ): Promise<readonly string[]> {
    const name = matchLabels['scaledobject.keda.sh/name'];
    const key = `${namespace}/${name ?? ''}`;
    const object = this.objects.getByKey(key);
    const known = this.known.get(key);
    if (!object || !known)
      throw new Error(`unable to get external metric ${namespace}/${metric}: no ScaledObject ${key}`);
    const resolved = await triggerContexts(this.options.client, object, this.targetOf(object));
    const asked = await askTriggers(this.options.triggers, object, resolved, serves(metric));
    const decision = await known.serial.run(() =>
      this.take(key, known, { kind: 'request', metric, ...asked }),
    );
    if (decision?.kind !== 'request' || !decision.items) {
      const why = decision?.kind === 'request' ? decision.error : 'the ScaledObject is gone';
      throw new Error(why ?? `no value for metric ${metric}`);
    }
    return decision.items.map(({ valueMilli }) => `${valueMilli}m`);
  }

  /** A push scaler's stream said "active" for the InterceptorRoute `namespace/name`. */
  push(route: string): void {
    const [namespace, name] = route.split('/');
    for (const object of this.objects.list(namespace)) {
      const pushed = object.spec.triggers.some(
        ({ type, metadata }) => type === 'external-push' && metadata?.interceptorRoute === name,
      );
      const known = this.known.get(objectKey(object));
      if (!pushed || !known) continue;
      known.serial
        .run(() => this.take(objectKey(object), known, { kind: 'push' }))
        .catch((error: unknown) => this.failed(objectKey(object), error));
    }
  }

  stop(): void {
    this.stopped = true;
    for (const { wake } of this.known.values()) wake();
  }

  private async poll(key: string, known: Known): Promise<void> {
    const object = this.objects.getByKey(key);
    if (!object || this.stopped) return;
    // The timer runs before the check: the next one is due an interval after this began, however long the sources take.
    const begunAtMs = this.context.scheduler.now();
    const resolved = await triggerContexts(this.options.client, object, this.targetOf(object));
    const asked = await askTriggers(this.options.triggers, object, resolved, () => true);
    await known.serial.run(() => this.take(key, known, { kind: 'poll', ...asked }, begunAtMs));
  }

  /** One step with what is true now, then its effects. */
  private async take(
    key: string,
    known: Known,
    given: Given<KedaInput>,
    atMs = this.context.scheduler.now(),
  ): Promise<KedaDecision | undefined> {
    const object = this.objects.getByKey(key);
    if (!object || object.metadata.uid !== known.uid || this.stopped) return undefined;
    const workload = await this.workloadOf(object);
    let input: KedaInput = { ...given, object, workload };
    const before = known.state;
    let step = kedaLoop.step(before, atMs, input);
    const scaling = step.effects.find((effect) => effect.kind === 'setScale');
    if (scaling && !(await this.setScale(object, scaling.replicas))) {
      input = { ...input, workload: { ...workload, scaleError: 'update' } };
      step = kedaLoop.step(before, atMs, input);
    }
    known.state = step.state;
    this.schedule(key, known, step.nextDueAtMs);
    this.record(object, atMs, input, step);
    await applyEffects(this.context.client, this.context.events, object, step.effects);
    return step.decision;
  }

  private schedule(key: string, known: Known, nextDueAtMs: number | null): void {
    if (nextDueAtMs === known.wakeAtMs) return;
    known.wake();
    known.wakeAtMs = nextDueAtMs;
    if (nextDueAtMs === null || this.stopped) return;
    known.wake = this.context.scheduler.wakeAt(nextDueAtMs, () => void this.pollDue(key, known, nextDueAtMs));
  }

  private async pollDue(key: string, known: Known, dueAtMs: number): Promise<void> {
    // Sources slower than the interval: the poll under way ends with a new due time.
    if (known.polling) return;
    known.polling = true;
    try {
      await this.poll(key, known);
    } catch (error) {
      this.failed(key, error);
    } finally {
      known.polling = false;
      // The loop goes on whatever went wrong: a poll that did not get as far as its step is tried again.
      if (known.wakeAtMs === dueAtMs) this.schedule(key, known, this.context.scheduler.now() + retryMs);
    }
  }

  private async setScale(object: Stored, replicas: number): Promise<boolean> {
    const { apiVersion = 'apps/v1', kind = 'Deployment', name } = object.spec.scaleTargetRef;
    const type = resourceTypeOf({ apiVersion, kind });
    if (!type) return false;
    try {
      await this.context.client.updateScale(type, object.metadata.namespace ?? '', name, replicas);
      return true;
    } catch (error) {
      this.context.log.debug({ err: error, key: objectKey(object) }, 'the scale was not updated');
      return false;
    }
  }

  private async workloadOf(object: Stored): Promise<WorkloadFacts> {
    const { apiVersion = 'apps/v1', kind = 'Deployment', name } = object.spec.scaleTargetRef;
    const type = resourceTypeOf({ apiVersion, kind });
    if (!type) return { exists: false, replicas: 0 };
    try {
      const { specReplicas } = await this.context.client.getScale(
        type,
        object.metadata.namespace ?? '',
        name,
      );
      return { replicas: specReplicas, readyPods: this.readyPods(object) };
    } catch {
      return { exists: false, replicas: 0 };
    }
  }

  private readyPods(object: Stored): number {
    const target = this.targetOf(object);
    if (!target) return 0;
    const matches = labelSelectorMatcher(target.spec.selector);
    return this.pods
      .list(object.metadata.namespace)
      .filter(
        ({ metadata, status }) =>
          matches(metadata.labels) &&
          status?.phase === 'Running' &&
          status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      ).length;
  }

  private targetOf(object: Stored): Deployment | undefined {
    const { kind = 'Deployment', name } = object.spec.scaleTargetRef;
    return kind === 'Deployment' ? this.deployments.get(object.metadata.namespace, name) : undefined;
  }

  private record(
    object: Stored,
    atMs: number,
    input: KedaInput,
    { decision, effects, state }: KedaStep,
  ): void {
    const { namespace = '', name } = object.metadata;
    const workload = { namespace, name: object.spec.scaleTargetRef.name };
    if (decision.kind === 'request') {
      const [first] = decision.items ?? [];
      const { metric, error } = decision;
      this.options.record.request(atMs, {
        workload,
        scaledObject: name,
        metric,
        valueMilli: first === undefined ? null : String(first.valueMilli),
        ...(error !== undefined && { error }),
        input: recordable(input),
        decision,
      });
      return;
    }
    const { sentence, steps } = explainKeda(decision.trace);
    const scaled = effects.find((effect) => effect.kind === 'setScale');
    const event = effects.find(
      (effect) => effect.kind === 'event' && effect.reason.startsWith('KEDAScaleTarget'),
    );
    const active = state.status.conditions?.find(({ type }) => type === 'Active');
    this.options.record.poll(atMs, {
      workload,
      scaledObject: name,
      from: input.workload.replicas,
      to: scaled?.kind === 'setScale' ? scaled.replicas : input.workload.replicas,
      wanted: null,
      reason: (event?.kind === 'event' ? event.reason : undefined) ?? active?.reason ?? '',
      sentence,
      steps,
      input: recordable(input),
      decision,
    });
  }

  private knownOf(key: string, object: Stored): Known {
    const known = this.known.get(key);
    const uid = object.metadata.uid ?? '';
    if (known?.uid === uid) return known;
    known?.wake();
    const fresh: Known = {
      uid,
      state: kedaLoop.init(object),
      serial: new Serial(),
      wake: () => undefined,
      wakeAtMs: null,
      polling: false,
    };
    this.known.set(key, fresh);
    return fresh;
  }

  private forget(object: Stored): void {
    const key = objectKey(object);
    const known = this.known.get(key);
    if (known?.uid !== object.metadata.uid) return;
    known?.wake();
    this.known.delete(key);
  }

  private failed(key: string, error: unknown): void {
    if (!this.stopped)
      this.context.log.warn({ err: error, key, controller: this.name }, 'a step of the scale loop failed');
  }
}

/** The recording is a file that people pass on: secrets are masked. The status is needed only where the loop begins. */
function recordable(input: KedaInput): KedaInput {
  const { status, ...object } = input.object;
  const contexts = input.contexts?.map(
    (context, index) => context && withoutSecrets(context, object.spec.triggers[index]?.metadata ?? {}),
  );
  return {
    ...input,
    object: { ...object, ...(input.kind === 'reconcile' && status && { status }) },
    ...(contexts && { contexts }),
  };
}

function ownersOf(hpa: KubeObject): string[] {
  return (hpa.metadata.ownerReferences ?? [])
    .filter(({ kind, controller }) => kind === 'ScaledObject' && controller)
    .map(({ name }) => `${hpa.metadata.namespace}/${name}`);
}
