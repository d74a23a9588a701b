import { KubeApiError, resources, type KubeClient, type KubeObject, type ResourceType } from '@scalelab/kube';
import type {
  ConfigMap,
  Container,
  InterceptorRoute,
  PodSpec,
  ScaleTrigger,
  Secret,
  TriggerAuthentication,
} from '@scalelab/manifests';
import type { TriggerContext } from '@scalelab/scaling';

type Text = Readonly<Record<string, string>>;

export interface TriggerContextQuestion {
  readonly trigger: ScaleTrigger;
  /** Position in `spec.triggers`. */
  readonly index: number;
  readonly namespace: string;
  /** Pod spec of the scale target; absent: it has none, or is missing. */
  readonly podSpec?: PodSpec | undefined;
  /** `scaleTargetRef.envSourceContainerName`; default: the first container. */
  readonly envSourceContainerName?: string | undefined;
  /** Where ClusterTriggerAuthentications look for secrets. Default `keda`. */
  readonly clusterObjectNamespace?: string;
}

/**
 * Reads what a trigger knows beside its metadata: its TriggerAuthentication, the environment of the target's container, the
 * InterceptorRoute. A missing Secret, ConfigMap or key gives an empty parameter, as in KEDA.
 *
 * @throws KubeApiError when the TriggerAuthentication itself is missing
 */
export async function resolveTriggerContext(
  kube: KubeClient,
  question: TriggerContextQuestion,
): Promise<TriggerContext> {
  const { trigger, index, namespace } = question;
  const container = containerOf(question.podSpec, question.envSourceContainerName);
  const env = container ? await containerEnv(kube, container, namespace) : {};
  const auth = await authentication(kube, question, env);
  const route = trigger.type === 'external-push' && trigger.metadata.interceptorRoute;
  const interceptorRoute = route
    ? await find<InterceptorRoute & KubeObject>(kube, resources.InterceptorRoute, namespace, route)
    : undefined;
  return {
    index,
    namespace,
    env,
    ...auth,
    ...(trigger.metricType ? { metricType: trigger.metricType } : {}),
    ...(interceptorRoute ? { interceptorRoute: interceptorRoute.spec.scalingMetric } : {}),
  };
}

function containerOf(spec: PodSpec | undefined, name: string | undefined): Container | undefined {
  return name ? spec?.containers.find((c) => c.name === name) : spec?.containers[0];
}

/** undefined when there is no such object; other errors go on. */
async function find<T extends KubeObject>(
  kube: KubeClient,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
): Promise<T | undefined> {
  try {
    return await kube.get<T>(type, namespace, name);
  } catch (error) {
    if (error instanceof KubeApiError && error.reason === 'NotFound') return undefined;
    throw error;
  }
}

async function secretData(kube: KubeClient, namespace: string, name: string): Promise<Text> {
  const secret = await find<Secret & KubeObject>(kube, resources.Secret, namespace, name);
  const decoded = Object.entries(secret?.data ?? {}).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString('utf8'),
  ]);
  return { ...Object.fromEntries(decoded), ...secret?.stringData };
}

async function configMapData(kube: KubeClient, namespace: string, name: string): Promise<Text> {
  const map = await find<ConfigMap & KubeObject>(kube, resources.ConfigMap, namespace, name);
  return map?.data ?? {};
}

/** envFrom first, then env in order, with `$(NAME)` of what came before. */
async function containerEnv(kube: KubeClient, container: Container, namespace: string): Promise<Text> {
  const env: Record<string, string> = {};
  for (const { prefix = '', secretRef, configMapRef } of container.envFrom ?? []) {
    const data = {
      ...(configMapRef?.name ? await configMapData(kube, namespace, configMapRef.name) : {}),
      ...(secretRef?.name ? await secretData(kube, namespace, secretRef.name) : {}),
    };
    for (const [key, value] of Object.entries(data)) env[prefix + key] = value;
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
    if (secretKeyRef?.name)
      env[name] = (await secretData(kube, namespace, secretKeyRef.name))[secretKeyRef.key] ?? '';
    else if (configMapKeyRef?.name)
      env[name] = (await configMapData(kube, namespace, configMapKeyRef.name))[configMapKeyRef.key] ?? '';
    else env[name] = (value ?? '').replace(/\$\(([\w.-]+)\)/g, (found, other: string) => env[other] ?? found);
  }
  return env;
}

async function authentication(
  kube: KubeClient,
  question: TriggerContextQuestion,
  env: Text,
): Promise<Pick<TriggerContext, 'authParams' | 'podIdentity'>> {
  const reference = question.trigger.authenticationRef;
  if (!reference?.name) return {};
  const cluster = reference.kind === 'ClusterTriggerAuthentication';
  const type = cluster ? resources.ClusterTriggerAuthentication : resources.TriggerAuthentication;
  const { spec } = await kube.get<TriggerAuthentication & KubeObject>(
    type,
    cluster ? undefined : question.namespace,
    reference.name,
  );
  const namespace = cluster ? (question.clusterObjectNamespace ?? 'keda') : question.namespace;
  const authParams: Record<string, string> = {};
  for (const { parameter, name } of spec.env ?? []) authParams[parameter] = env[name] ?? '';
  for (const { parameter, name, key } of spec.configMapTargetRef ?? [])
    authParams[parameter] = (await configMapData(kube, namespace, name))[key] ?? '';
  for (const { parameter, name, key } of spec.secretTargetRef ?? [])
    authParams[parameter] = (await secretData(kube, namespace, name))[key] ?? '';
  const provider = spec.podIdentity?.provider;
  return { authParams, ...(provider && provider !== 'none' ? { podIdentity: provider } : {}) };
}
