import type { Container, Pod } from '@scalelab/manifests';
import { ContainerConfigError } from './config-error';
import { fieldValue, resourceValue, type PodPlace } from './downward';
import { expand } from './expansion';
import { rewritePath, type Mount } from './mounts';
import type { KeyedData, PodSources } from './pod-sources';

export interface EnvironmentInput {
  readonly pod: Pod;
  readonly container: Container;
  readonly place: PodPlace;
  readonly sources: PodSources;
  /** Services' variables and what else the manifest may refer to and override. */
  readonly given: Readonly<Record<string, string>>;
  /** Sorted by `sortMounts`. */
  readonly mounts: readonly Mount[];
}

/**
 * A container's variables as its manifest gives them, on top of `given`.
 * @throws ContainerConfigError when a ConfigMap, Secret or key is missing and not optional
 */
export async function containerEnvironment(input: EnvironmentInput): Promise<Record<string, string>> {
  const { container, given, mounts, pod, sources } = input;
  const namespace = pod.metadata.namespace ?? 'default';
  const result: Record<string, string> = { ...given };
  const put = (name: string, value: string) => {
    result[name] = rewritePath(value, mounts);
  };

  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef
      ? await required('configmap', configMapRef, () => sources.configMap(namespace, configMapRef.name ?? ''))
      : await required('secret', secretRef ?? {}, () => sources.secret(namespace, secretRef?.name ?? ''));
    for (const [key, value] of data ?? []) if (isVariableName(key)) put(prefix + key, value.toString());
  }

  for (const variable of container.env ?? []) {
    const from = variable.valueFrom;
    if (!from) {
      put(
        variable.name,
        expand(variable.value ?? '', (name) => result[name]),
      );
    } else if (from.fieldRef) {
      put(variable.name, fieldValue(from.fieldRef.fieldPath, pod, input.place));
    } else if (from.resourceFieldRef) {
      const { resource, divisor } = from.resourceFieldRef;
      put(variable.name, resourceValue(resource, divisor, container, input.place));
    } else if (from.configMapKeyRef) {
      const ref = from.configMapKeyRef;
      const data = await required('configmap', ref, () => sources.configMap(namespace, ref.name ?? ''));
      const value = keyOf(data, ref, `ConfigMap ${namespace}/${ref.name}`);
      if (value !== undefined) put(variable.name, value);
    } else if (from.secretKeyRef) {
      const ref = from.secretKeyRef;
      const data = await required('secret', ref, () => sources.secret(namespace, ref.name ?? ''));
      const value = keyOf(data, ref, `Secret ${namespace}/${ref.name}`);
      if (value !== undefined) put(variable.name, value);
    } else {
      throw new ContainerConfigError(
        `variable ${variable.name}: valueFrom must be one of fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef`,
      );
    }
  }
  return result;
}

/** Kubernetes skips keys of envFrom that cannot be a variable. */
const isVariableName = (key: string): boolean => /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(key);

async function required(
  kind: 'configmap' | 'secret',
  ref: { readonly name?: string; readonly optional?: boolean },
  read: () => Promise<KeyedData | undefined>,
): Promise<KeyedData | undefined> {
  const data = await read();
  if (!data && !ref.optional) throw new ContainerConfigError(`${kind} "${ref.name ?? ''}" not found`);
  return data;
}

function keyOf(
  data: KeyedData | undefined,
  ref: { readonly key: string; readonly optional?: boolean },
  where: string,
): string | undefined {
  const value = data?.get(ref.key)?.toString();
  if (value === undefined && !ref.optional)
    throw new ContainerConfigError(`couldn't find key ${ref.key} in ${where}`);
  return value;
}
