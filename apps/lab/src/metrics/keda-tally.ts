import type {
  KedaDecision,
  KedaInput,
  ScaledJobDecision,
  ScaledJobInput,
  TriggerTrace,
} from '@scalelab/scaling';
import type { Exposition, SampleLabels } from './exposition';

/** Types of KEDA's Go code, which its metrics carry as `scaler` where a trigger has no name. */
const scalers: Readonly<Record<string, string>> = {
  'aws-sqs-queue': 'awsSqsQueueScaler',
  cron: 'cronScaler',
  'external-push': 'externalPushScaler',
  kafka: 'kafkaScaler',
  'kubernetes-workload': 'kubernetesWorkloadScaler',
  'metrics-api': 'metricsAPIScaler',
  prometheus: 'prometheusScaler',
};

interface Scaler {
  readonly labels: SampleLabels;
  value?: number;
  active?: boolean;
  errors: number;
}

interface Scaled {
  readonly scalers: Map<string, Scaler>;
  errors: number;
}

interface Asked {
  readonly namespace: string;
  readonly name: string;
  readonly triggers: readonly { readonly name?: string }[];
}

/**
 * What KEDA's operator counts about its scalers, from the same steps of the loop. Two of its habits (2.19) matter to alerts and are
 * kept: a failing poll counts for the ScaledObject alone, and only the HPA's requests count for the scaler too; and a failure that a
 * fallback stands in for counts nowhere.
 */
export class KedaTally {
  private readonly objects = new Map<string, Scaled>();
  private readonly jobs = new Map<string, Scaled>();

  step(name: string, input: KedaInput, decision: KedaDecision): void {
    const { metadata, spec } = input.object;
    const asked = { namespace: metadata.namespace ?? '', name, triggers: spec.triggers };
    const scaled = scaledOf(this.objects, asked);
    if (decision.kind === 'poll') {
      const failures = this.take(scaled, asked, decision.trace.triggers ?? [], 'poll');
      scaled.errors += failures;
      // The scalers could not even be built.
      if (decision.isError && failures === 0) scaled.errors += 1;
    }
    if (decision.kind === 'request') {
      const failures = this.take(scaled, asked, decision.trace.triggers ?? [], 'request');
      scaled.errors += failures;
      if (decision.error !== undefined && decision.trace.triggers === undefined) scaled.errors += 1;
    }
  }

  scaledJobPoll(name: string, input: ScaledJobInput, decision: ScaledJobDecision): void {
    if (decision.kind !== 'poll') return;
    const { metadata, spec } = input.object;
    const asked = { namespace: metadata.namespace ?? '', name, triggers: spec.triggers };
    const scaled = scaledOf(this.jobs, asked);
    scaled.errors += this.take(scaled, asked, decision.trace.triggers, 'job');
  }

  /** Objects that are gone are forgotten: their counters end, as KEDA's do. */
  write(
    page: Exposition,
    present: { readonly objects: ReadonlySet<string>; readonly jobs: ReadonlySet<string> },
  ): void {
    for (const [known, keys] of [
      [this.objects, present.objects],
      [this.jobs, present.jobs],
    ] as const)
      for (const key of known.keys()) if (!keys.has(key)) known.delete(key);
    const all = [...this.objects.values(), ...this.jobs.values()].flatMap((scaled) => [
      ...scaled.scalers.values(),
    ]);
    const value = page.family(
      'keda_scaler_metrics_value',
      'gauge',
      "The current value for each scaler's metric that would be used by the HPA in computing the target average.",
    );
    for (const scaler of all) if (scaler.value !== undefined) value(scaler.labels, scaler.value);
    const active = page.family(
      'keda_scaler_active',
      'gauge',
      'Indicates whether a scaler is active (1), or not (0).',
    );
    for (const scaler of all) if (scaler.active !== undefined) active(scaler.labels, scaler.active ? 1 : 0);
    const detail = page.family(
      'keda_scaler_detail_errors_total',
      'counter',
      'The total number of errors encountered for each scaler.',
    );
    for (const scaler of all) detail(scaler.labels, scaler.errors);
    this.writeErrors(page, this.objects, 'scaled_object', 'scaledObject');
    this.writeErrors(page, this.jobs, 'scaled_job', 'scaledJob');
  }

  private writeErrors(
    page: Exposition,
    known: ReadonlyMap<string, Scaled>,
    subsystem: string,
    label: string,
  ): void {
    const errors = page.family(
      `keda_${subsystem}_errors_total`,
      'counter',
      `The number of errors that have occurred for each ${subsystem.replace('_', ' ')}.`,
    );
    for (const [key, scaled] of known) {
      const [namespace, name] = key.split('/');
      errors({ namespace, [label]: name }, scaled.errors);
    }
  }

  /** @returns how many triggers failed without a fallback */
  private take(
    scaled: Scaled,
    asked: Asked,
    triggers: readonly TriggerTrace[],
    by: 'poll' | 'request' | 'job',
  ): number {
    let failures = 0;
    for (const trace of triggers) {
      const scaler = scalerOf(scaled, asked, trace, by === 'job' ? 'scaledjob' : 'scaledobject');
      if (!scaler) continue;
      const failed = trace.error !== undefined && !trace.fallback?.served;
      if (trace.valueMilli !== undefined) scaler.value = Number(trace.valueMilli) / 1_000;
      if (!failed && by !== 'request') scaler.active = trace.isActive;
      if (failed) failures += 1;
      if (failed && by !== 'poll') scaler.errors += 1;
    }
    return failures;
  }
}

function scaledOf(known: Map<string, Scaled>, { namespace, name }: Asked): Scaled {
  const key = `${namespace}/${name}`;
  let scaled = known.get(key);
  if (!scaled) known.set(key, (scaled = { scalers: new Map(), errors: 0 }));
  return scaled;
}

/** Undefined for cpu and memory: the HPA reads them without KEDA. */
function scalerOf(
  scaled: Scaled,
  { namespace, name, triggers }: Asked,
  { index, metric, type }: TriggerTrace,
  kind: string,
): Scaler | undefined {
  const scalerName = triggers[index]?.name || scalers[type];
  if (scalerName === undefined) return undefined;
  const key = `${index} ${metric} ${scalerName}`;
  let scaler = scaled.scalers.get(key);
  if (!scaler) {
    const labels = {
      metric,
      namespace,
      scaledObject: name,
      scaler: scalerName,
      triggerIndex: String(index),
      type: kind,
    };
    scaled.scalers.set(key, (scaler = { labels, errors: 0 }));
  }
  return scaler;
}
