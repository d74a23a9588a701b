import type { LoadedManifest, ManifestObject } from '@scalelab/manifests';
import {
  trigger as triggers,
  type ContainerResources,
  type HpaManifest,
  type InterceptorRouteMetrics,
  type ScaledJob,
  type ScaledObject,
  type TriggerContext,
  type TriggerManifest,
} from '@scalelab/scaling';

/** What decides about replicas, with what it needs to know from the objects around it. */
export type ScalingTarget = {
  readonly name: string;
  /** Replicas that the target's own manifest asks for; undefined: it leaves them open. */
  readonly replicas: number | undefined;
  /** Requests of the containers of its pods. */
  readonly requests?: ContainerResources;
  readonly contexts: readonly (TriggerContext | undefined)[];
} & (
  | { readonly kind: 'ScaledObject'; readonly object: ScaledObject }
  | { readonly kind: 'ScaledJob'; readonly object: ScaledJob }
  | { readonly kind: 'HorizontalPodAutoscaler'; readonly object: HpaManifest }
);

export type TargetErrorCode =
  /** None of the files holds an autoscaler. */
  | 'NoAutoscaler'
  /** Several could be meant. */
  | 'Ambiguous'
  /** KEDA itself refuses the trigger, or it is none that can be simulated. */
  | 'BadTrigger';

export class TargetError extends Error {
  override readonly name = 'TargetError';

  constructor(
    readonly code: TargetErrorCode,
    message: string,
    readonly at?: { readonly file: string; readonly line: number },
  ) {
    super(message);
  }
}

const kinds = ['ScaledObject', 'ScaledJob', 'HorizontalPodAutoscaler'];
type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fields) : []);

/** The one autoscaler of the manifests, or the one of that name. @throws TargetError */
export function findTarget(manifests: readonly LoadedManifest[], name?: string): ScalingTarget {
  const all = manifests.filter(({ object }) => kinds.includes(object.kind));
  const named = name === undefined ? all : all.filter(({ object }) => object.metadata.name === name);
  const names = all.map(({ object }) => `${object.kind} ${object.metadata.name}`).join(', ');
  const [first, second] = named;
  if (first === undefined)
    throw new TargetError(
      'NoAutoscaler',
      all.length === 0
        ? `no ScaledObject, ScaledJob or HorizontalPodAutoscaler found among ${manifests.length} objects`
        : `no autoscaler is named "${name}"; there are ${names}`,
    );
  if (second !== undefined)
    throw new TargetError('Ambiguous', `several autoscalers found: ${names}; choose one by --name`);
  return targetOf(first, manifests);
}

function targetOf(loaded: LoadedManifest, manifests: readonly LoadedManifest[]): ScalingTarget {
  const { object } = loaded;
  const spec = fields(object.spec);
  const reference = fields(spec.scaleTargetRef);
  const workload = manifests
    .map((other) => other.object)
    .find(
      ({ kind, metadata }) => kind === (reference.kind ?? 'Deployment') && metadata.name === reference.name,
    );
  const requests = requestsOf(workload);
  const replicas = fields(workload?.spec).replicas;
  const common = {
    name: object.metadata.name,
    replicas: typeof replicas === 'number' ? replicas : undefined,
    ...(requests ? { requests } : {}),
  };
  if (object.kind === 'HorizontalPodAutoscaler')
    return { ...common, kind: object.kind, object: asHpa(object), contexts: [] };
  const contexts = list(spec.triggers).map((trigger, index) =>
    contextOf(trigger, index, workload, manifests, loaded),
  );
  if (object.kind === 'ScaledJob')
    return { ...common, kind: object.kind, object: asScaledJob(object), contexts };
  return { ...common, kind: 'ScaledObject', object: asScaledObject(object), contexts };
}

/** The manifest has been validated against the schema of its kind. */
const asHpa = (object: ManifestObject): HpaManifest => object as unknown as HpaManifest;
const asScaledObject = (object: ManifestObject): ScaledObject => object as unknown as ScaledObject;
const asScaledJob = (object: ManifestObject): ScaledJob => object as unknown as ScaledJob;

function requestsOf(workload: ManifestObject | undefined): ContainerResources | undefined {
  const containers = list(fields(fields(fields(workload?.spec).template).spec).containers);
  const entries = containers.map((container): [string, Record<string, string>] => [
    String(container.name),
    Object.fromEntries(
      Object.entries(fields(fields(container.resources).requests)).map(([key, value]) => [
        key,
        String(value),
      ]),
    ),
  ]);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/** What a TriggerAuthentication would bring: secrets are not in the files, and their values decide nothing here. */
const anySecret = {
  awsAccessKeyID: 'simulated',
  awsSecretAccessKey: 'simulated',
  username: 'simulated',
  password: 'simulated',
  sasl: 'plaintext',
  bearerToken: 'simulated',
  apiKey: 'simulated',
} as const;

function contextOf(
  trigger: Fields,
  index: number,
  workload: ManifestObject | undefined,
  manifests: readonly LoadedManifest[],
  { file, line, object }: LoadedManifest,
): TriggerContext {
  const metadata = fields(trigger.metadata);
  const containers = list(fields(fields(fields(workload?.spec).template).spec).containers);
  const env: Record<string, string> = {};
  for (const [key, name] of Object.entries(metadata))
    if (key.endsWith('FromEnv')) env[String(name)] = 'simulated';
  for (const { name, value } of containers.flatMap((container) => list(container.env)))
    if (typeof value === 'string') env[String(name)] = value;
  const route = manifests.find(
    ({ object: other }) =>
      other.kind === 'InterceptorRoute' && other.metadata.name === metadata.interceptorRoute,
  )?.object;
  const interceptorRoute = fields(route?.spec).scalingMetric as InterceptorRouteMetrics | undefined;
  const context: TriggerContext = {
    index,
    namespace: object.metadata.namespace ?? 'default',
    env,
    ...(trigger.authenticationRef === undefined ? {} : { authParams: anySecret }),
    ...(interceptorRoute ? { interceptorRoute } : {}),
    asMetricSource: fields(fields(fields(object.spec).advanced).scalingModifiers).formula !== undefined,
  };
  const parsed = triggers.parse(trigger as unknown as TriggerManifest, context);
  if (!parsed.ok)
    throw new TargetError('BadTrigger', `trigger ${index} (${String(trigger.type)}): ${parsed.message}`, {
      file,
      line,
    });
  return context;
}
