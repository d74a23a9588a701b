import type { ManifestObject } from '@scalelab/manifests';
import type { CoreShapes, Recording, TimedLine, WorkloadRef } from './line';
import { targetOf, type TriggerFacts } from './trigger-target';

/** What the recorded manifests say about the scaling of one workload. */
export interface AutoscaledWorkload extends WorkloadRef {
  /** Trigger types, joined by ` + `; `''` when no autoscaler was seen. */
  readonly trigger: string;
  /** Per replica, of the first trigger that has one. */
  readonly target: number | null;
  /** The signal must be above this for 0 -> 1; null where the trigger has none. */
  readonly activation: number | null;
  /** Unit of the signal: `messages`, `requests/s`, `%`, ... */
  readonly unit: string;
  readonly min: number;
  /** null when no autoscaler was seen. */
  readonly max: number | null;
}

type Objects = ReadonlyMap<string, ManifestObject>;
type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fields) : [];
}

function whole(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}

const keyOf = (kind: string, namespace: string, name: string): string => `${kind} ${namespace}/${name}`;

/** Objects as they stood when last seen. A deleted one keeps its last content: its workload was scaled by it. */
function lastObjects<C extends CoreShapes>(lines: readonly TimedLine<C>[]): Objects {
  const objects = new Map<string, ManifestObject>();
  for (const line of lines) {
    if (line.kind !== 'manifest') continue;
    const { kind, metadata } = line.object;
    objects.set(keyOf(kind, metadata.namespace ?? 'default', metadata.name), line.object);
  }
  return objects;
}

function combine(
  facts: readonly TriggerFacts[],
): Pick<AutoscaledWorkload, 'trigger' | 'target' | 'activation' | 'unit'> {
  const main = facts.find((f) => f.target !== null);
  return {
    trigger: facts.map((f) => f.trigger).join(' + '),
    target: main?.target ?? null,
    activation: main?.activation ?? null,
    unit: main?.unit ?? '',
  };
}

function fromScaledObject(object: ManifestObject, namespace: string, objects: Objects): AutoscaledWorkload {
  const spec = fields(object.spec);
  const target = fields(spec.scaleTargetRef);
  const isJob = object.kind === 'ScaledJob';
  const facts = list(spec.triggers).map((trigger) => {
    const metadata = fields(trigger.metadata);
    const route = objects.get(keyOf('InterceptorRoute', namespace, String(metadata.interceptorRoute)));
    return targetOf(String(trigger.type), metadata, fields(fields(route?.spec).scalingMetric));
  });
  return {
    namespace,
    name: isJob ? object.metadata.name : String(target.name),
    kind: isJob ? 'ScaledJob' : String(target.kind ?? 'Deployment'),
    ...combine(facts),
    min: whole(spec.minReplicaCount, 0),
    max: whole(spec.maxReplicaCount, 100),
  };
}

function fromHpa(object: ManifestObject, namespace: string): AutoscaledWorkload {
  const spec = fields(object.spec);
  const reference = fields(spec.scaleTargetRef);
  const facts = list(spec.metrics).map((metric): TriggerFacts => {
    const source = fields(
      metric.resource ?? metric.containerResource ?? metric.external ?? metric.pods ?? metric.object,
    );
    const target = fields(source.target);
    const utilization = typeof target.averageUtilization === 'number' ? target.averageUtilization : null;
    const plain = Number(target.averageValue ?? target.value);
    const name = source.name ?? fields(source.metric).name;
    return {
      trigger: String(name ?? metric.type),
      target: utilization ?? (Number.isFinite(plain) ? plain : null),
      activation: null,
      unit: utilization === null ? '' : '%',
    };
  });
  return {
    namespace,
    name: String(reference.name),
    kind: String(reference.kind ?? 'Deployment'),
    ...combine(facts),
    min: whole(spec.minReplicas, 1),
    max: whole(spec.maxReplicas, 1),
  };
}

/** Every workload that an autoscaler of the recording targets or that was sampled, in order of appearance. */
export function workloadsOf<C extends CoreShapes>({ lines }: Recording<C>): readonly AutoscaledWorkload[] {
  const found = new Map<string, AutoscaledWorkload>();
  const objects = lastObjects(lines);
  for (const object of objects.values()) {
    const namespace = object.metadata.namespace ?? 'default';
    const owned = (object.metadata.ownerReferences ?? []).some((owner) => owner.kind === 'ScaledObject');
    let workload: AutoscaledWorkload | undefined;
    if (object.kind === 'ScaledObject' || object.kind === 'ScaledJob')
      workload = fromScaledObject(object, namespace, objects);
    else if (object.kind === 'HorizontalPodAutoscaler' && !owned) workload = fromHpa(object, namespace);
    if (workload) found.set(`${namespace}/${workload.name}`, workload);
  }
  for (const line of lines) {
    if (line.kind !== 'sample') continue;
    const { namespace, name } = line.workload;
    const key = `${namespace}/${name}`;
    if (!found.has(key)) {
      found.set(key, {
        namespace,
        name,
        trigger: '',
        target: null,
        activation: null,
        unit: '',
        min: 0,
        max: null,
      });
    }
  }
  return [...found.values()];
}
