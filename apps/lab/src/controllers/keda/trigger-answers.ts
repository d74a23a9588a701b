import type { KubeClient } from '@scalelab/kube';
import type { PodSpec, ScaleTrigger } from '@scalelab/manifests';
import { trigger, type ScaledObject, type TriggerAnswer, type TriggerContext } from '@scalelab/scaling';
import { resolveTriggerContext } from '@scalelab/triggers';
import type { TriggerObserver } from './trigger-observer';

export interface Asked {
  readonly contexts: readonly (TriggerContext | undefined)[];
  readonly answers: readonly TriggerAnswer[];
}

/** Triggers that native metrics of the HPA serve: nobody asks a source about them. */
const native = new Set(['cpu', 'memory']);

/** What is asked: the triggers of a ScaledObject or a ScaledJob. */
export interface Questioned {
  readonly namespace: string;
  readonly triggers: ScaledObject['spec']['triggers'];
}

export function questioned({
  metadata,
  spec,
}: {
  readonly metadata: { readonly namespace?: string | undefined };
  readonly spec: { readonly triggers: ScaledObject['spec']['triggers'] };
}): Questioned {
  return { namespace: metadata.namespace ?? '', triggers: spec.triggers };
}

/** What the triggers know beside their metadata. One whose authentication is missing has none, and says so when it is asked. */
export async function triggerContexts(
  client: KubeClient,
  { namespace, triggers }: Questioned,
  podSpec?: PodSpec,
  envSourceContainerName?: string,
): Promise<(TriggerContext | Error)[]> {
  return Promise.all(
    triggers.map((one, index) =>
      resolveTriggerContext(client, {
        trigger: one as ScaleTrigger,
        index,
        namespace,
        ...(podSpec && { podSpec }),
        ...(envSourceContainerName !== undefined && { envSourceContainerName }),
      }).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))),
    ),
  );
}

/** Asks every trigger that `wanted` names (by index), all at once. */
export async function askTriggers(
  observer: TriggerObserver,
  questioned: Questioned,
  resolved: readonly (TriggerContext | Error)[],
  wanted: (index: number) => boolean,
): Promise<Asked> {
  const answers = await Promise.all(
    questioned.triggers.map((_, index) => answerOf(observer, questioned, resolved[index], index, wanted)),
  );
  return { contexts: resolved.map((context) => (context instanceof Error ? undefined : context)), answers };
}

async function answerOf(
  observer: TriggerObserver,
  { namespace, triggers }: Questioned,
  context: TriggerContext | Error | undefined,
  index: number,
  wanted: (index: number) => boolean,
): Promise<TriggerAnswer> {
  const manifest = triggers[index];
  if (!manifest || !context || native.has(manifest.type) || !wanted(index))
    return { kind: 'observed', observation: { kind: 'clock' } };
  if (context instanceof Error) return { kind: 'error', message: context.message };
  const parsed = trigger.parse(manifest, context);
  if (!parsed.ok) return { kind: 'error', message: parsed.message };
  const observation = await observer.observe({
    parsed,
    context,
    namespace,
    metadata: manifest.metadata ?? {},
  });
  return { kind: 'observed', observation };
}

/** Whether a trigger serves a metric: `s3-...` is the fourth, the composite metric is made of all. */
export function serves(metric: string): (index: number) => boolean {
  const own = /^s(\d+)-/.exec(metric)?.[1];
  return own === undefined ? () => true : (index) => index === Number(own);
}
