import { objectKey, resources, type Informer, type KubeObject, type WorkQueue } from '@scalelab/kube';
import {
  kedaLoop,
  type HpaManifest,
  type KedaDecision,
  type KedaInput,
  type KedaLoopState,
  type ScaledObject,
  type TriggerContext,
} from '@scalelab/scaling';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';
import type { ExternalMetricsSource } from '../horizontalpodautoscaler';
import { ScaleLoops, type ScaleLoop } from '../keda/scale-loops';
import { askTriggers, questioned, serves, triggerContexts } from '../keda/trigger-answers';
import { worthReconciling } from '../keda/worth-reconciling';
import { applyEffects } from './effects';
import { recordStep } from './recorded-step';
import { ScaleTargets } from './scale-targets';
import type { ScaledObjectControllerOptions } from './sources';

type Stored = ScaledObject & KubeObject;
type Loop = ScaleLoop<KedaLoopState>;
type Given<I> = I extends KedaInput ? Omit<I, 'object' | 'workload'> : never;

const ownedBy = 'scaledObject';

/** KEDA's operator and metrics server: drives one reducer a ScaledObject and answers the HPA's requests live. */
export class ScaledObjectController implements Controller, ExternalMetricsSource {
  readonly name = 'keda-operator';
  readonly queue: WorkQueue;
  private readonly objects: Informer<Stored>;
  private readonly hpas: Informer;
  private readonly targets: ScaleTargets;
  private readonly loops: ScaleLoops<Stored, KedaLoopState>;
  private stopped = false;

  constructor(
    private readonly context: ControllerContext,
    private readonly options: ScaledObjectControllerOptions,
  ) {
    this.queue = controllerQueue(context, this.name, 5);
    this.targets = new ScaleTargets(context);
    this.loops = new ScaleLoops({
      scheduler: context.scheduler,
      init: (object) => kedaLoop.init(object),
      poll: (loop) => this.poll(loop),
      onError: (key, error) => this.failed(key, error),
    });
    this.objects = context.informers.of<Stored>(resources.ScaledObject);
    this.hpas = context.informers.of(resources.HorizontalPodAutoscaler);
    this.hpas.addIndex(ownedBy, (hpa) => ownersOf(hpa));
    this.objects.on({
      added: (object) => this.queue.add(objectKey(object)),
      updated: (object, old) => {
        if (worthReconciling(object, old)) this.queue.add(objectKey(object));
      },
      deleted: (object) => this.loops.forget(object),
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
    const loop = this.loops.of(object);
    await loop.serial.run(async () => {
      const contexts = await this.contextsOf(object);
      const hpaName = loop.state.status.hpaName ?? `keda-hpa-${object.metadata.name}`;
      const named = object.spec.advanced?.horizontalPodAutoscalerConfig?.name;
      const hpa =
        this.hpas.get(object.metadata.namespace, named ?? hpaName) ??
        this.hpas.get(object.metadata.namespace, hpaName) ??
        null;
      const decision = await this.take(loop, {
        kind: 'reconcile',
        hpa: hpa as (HpaManifest & KubeObject) | null,
        contexts: contexts.map((context) => (context instanceof Error ? undefined : context)),
      });
      failOn(decision);
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
    const loop = this.loops.get(key);
    if (!object || !loop)
      throw new Error(`unable to get external metric ${namespace}/${metric}: no ScaledObject ${key}`);
    const resolved = await this.contextsOf(object);
    const asked = await askTriggers(this.options.triggers, questioned(object), resolved, serves(metric));
    const decision = await loop.serial.run(() => this.take(loop, { kind: 'request', metric, ...asked }));
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
      const loop = this.loops.get(objectKey(object));
      if (!pushed || !loop) continue;
      loop.serial
        .run(() => this.take(loop, { kind: 'push' }))
        .catch((error: unknown) => this.failed(loop.key, error));
    }
  }

  stop(): void {
    this.stopped = true;
    this.loops.stop();
  }

  private contextsOf(object: Stored): Promise<(TriggerContext | Error)[]> {
    const { envSourceContainerName } = object.spec.scaleTargetRef;
    const podSpec = this.targets.deployment(object)?.spec.template.spec;
    return triggerContexts(this.options.client, questioned(object), podSpec, envSourceContainerName);
  }

  private async poll(loop: Loop): Promise<void> {
    const object = this.objects.getByKey(loop.key);
    if (!object || this.stopped) return;
    // The timer runs before the check: the next one is due an interval after this began, however long the sources take.
    const begunAtMs = this.context.scheduler.now();
    const resolved = await this.contextsOf(object);
    const asked = await askTriggers(this.options.triggers, questioned(object), resolved, () => true);
    await loop.serial.run(() => this.take(loop, { kind: 'poll', ...asked }, begunAtMs));
  }

  /** One step with what is true now, then its effects. */
  private async take(
    loop: Loop,
    given: Given<KedaInput>,
    atMs = this.context.scheduler.now(),
  ): Promise<KedaDecision | undefined> {
    const object = this.objects.getByKey(loop.key);
    if (!object || object.metadata.uid !== loop.uid || this.stopped) return undefined;
    const workload = await this.targets.facts(object);
    let input: KedaInput = { ...given, object, workload };
    const before = loop.state;
    let step = kedaLoop.step(before, atMs, input);
    const scaling = step.effects.find((effect) => effect.kind === 'setScale');
    if (scaling && !(await this.targets.setReplicas(object, scaling.replicas))) {
      input = { ...input, workload: { ...workload, scaleError: 'update' } };
      step = kedaLoop.step(before, atMs, input);
    }
    loop.state = step.state;
    this.loops.schedule(loop, step.nextDueAtMs);
    recordStep(this.options.record, object, atMs, input, step);
    await applyEffects(this.context.client, this.context.events, object, step.effects);
    return step.decision;
  }

  private failed(key: string, error: unknown): void {
    if (!this.stopped)
      this.context.log.warn({ err: error, key, controller: this.name }, 'a step of the scale loop failed');
  }
}

/** The queue tries again, ever later: nothing tells of a Secret or a TriggerAuthentication that comes after its ScaledObject. */
function failOn(decision: KedaDecision | undefined): void {
  if (decision?.kind === 'reconcile' && decision.error !== undefined) throw new Error(decision.error);
}

function ownersOf(hpa: KubeObject): string[] {
  return (hpa.metadata.ownerReferences ?? [])
    .filter(({ kind, controller }) => kind === 'ScaledObject' && controller)
    .map(({ name }) => `${hpa.metadata.namespace}/${name}`);
}
