import type { LoadedManifest } from '@scalelab/manifests';

export type Fields = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
export const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.map(fieldsOf) : [];
export const numberOf = (value: unknown): number | undefined => {
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && value.trim() !== ''
        ? Number(value)
        : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
};

export interface Trigger {
  readonly index: number;
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly metricType: string | undefined;
}

/** What a user may tell beside the manifests. */
export interface LintFacts {
  /** Partitions of the Kafka topics. */
  readonly partitions?: number;
  /** Seconds that the longest piece of work takes. */
  readonly workSeconds?: number;
}

/** One autoscaler with what belongs to it. */
export class Autoscaler {
  readonly spec: Fields;
  readonly kind: string;
  readonly isKeda: boolean;
  readonly triggers: readonly Trigger[];
  readonly workload: LoadedManifest | undefined;
  readonly min: number;
  readonly max: number;

  constructor(
    readonly loaded: LoadedManifest,
    readonly all: readonly LoadedManifest[],
    readonly facts: LintFacts,
  ) {
    const { object } = loaded;
    this.kind = object.kind;
    this.spec = fieldsOf(object.spec);
    this.isKeda = object.kind !== 'HorizontalPodAutoscaler';
    this.triggers = listOf(this.spec.triggers).map(({ type, metadata, metricType }, index) => ({
      index,
      type: String(type),
      metadata: Object.fromEntries(
        Object.entries(fieldsOf(metadata)).map(([key, value]) => [key, String(value)]),
      ),
      metricType: typeof metricType === 'string' ? metricType : undefined,
    }));
    const { kind = 'Deployment', name } = this.targetRef;
    const targets = all.filter(
      ({ object: other }) =>
        other.kind === kind &&
        other.metadata.name === name &&
        namespaceOf(other.metadata) === namespaceOf(object.metadata),
    );
    // Profiles of one chart hold the same names: the file's own objects come first.
    this.workload = targets.find(({ file }) => file === loaded.file) ?? targets[0];
    this.min =
      numberOf(this.isKeda ? this.spec.minReplicaCount : this.spec.minReplicas) ?? (this.isKeda ? 0 : 1);
    this.max = numberOf(this.isKeda ? this.spec.maxReplicaCount : this.spec.maxReplicas) ?? 100;
  }

  get targetRef(): { readonly kind?: string; readonly name?: string } {
    return fieldsOf(this.spec.scaleTargetRef);
  }

  /** The HPA's `behavior`; undefined where it is nil. */
  get behavior(): Fields | undefined {
    const behavior = this.isKeda
      ? fieldsOf(fieldsOf(this.spec.advanced).horizontalPodAutoscalerConfig).behavior
      : this.spec.behavior;
    return behavior === undefined ? undefined : fieldsOf(behavior);
  }

  get template(): Fields {
    return fieldsOf(fieldsOf(fieldsOf(this.workload?.object.spec).template).spec);
  }

  get containers(): readonly Fields[] {
    return listOf(this.template.containers);
  }

  /** An environment variable of the workload that the manifest spells out. */
  env(matches: RegExp): { readonly name: string; readonly value: string } | undefined {
    for (const { name, value } of this.containers.flatMap(({ env }) => listOf(env)))
      if (typeof name === 'string' && typeof value === 'string' && matches.test(name)) return { name, value };
    return undefined;
  }

  annotation(name: string): string | undefined {
    return (
      this.loaded.object.metadata.annotations?.[name] ?? this.workload?.object.metadata.annotations?.[name]
    );
  }
}

export const namespaceOf = ({ namespace }: { readonly namespace?: string }): string => namespace ?? 'default';

/** What a rule says; the place is the autoscaler's unless `at` is given. */
export interface Draft {
  readonly path: Path;
  readonly message: string;
  readonly fix: string;
  readonly at?: LoadedManifest;
}

export interface Check {
  readonly code: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly title: string;
  readonly why: string;
  find(autoscaler: Autoscaler): Iterable<Draft>;
}
