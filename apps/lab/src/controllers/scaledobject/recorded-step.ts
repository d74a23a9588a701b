import type { KubeObject } from '@scalelab/kube';
import { explainKeda, type KedaInput, type KedaStep, type ScaledObject } from '@scalelab/scaling';
import { withoutSecrets } from '../keda/without-secrets';
import type { KedaRecorder } from './sources';

/** Hands one step of a loop to the recorder: a metric request, or a poll with its explanation. */
export function recordStep(
  recorder: KedaRecorder,
  object: ScaledObject & KubeObject,
  atMs: number,
  input: KedaInput,
  { decision, effects, state }: KedaStep,
): void {
  const { namespace = '', name } = object.metadata;
  const workload = { namespace, name: object.spec.scaleTargetRef.name };
  if (decision.kind === 'request') {
    const [first] = decision.items ?? [];
    const { metric, error } = decision;
    recorder.request(atMs, {
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
  recorder.poll(atMs, {
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
