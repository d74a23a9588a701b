import { isNotFound, resources, type KubeClient } from '@scalelab/kube';
import type { ConfigMap, PersistentVolumeClaim, Secret } from '@scalelab/manifests';

/** Bytes by key, of a ConfigMap or a Secret. */
export type KeyedData = ReadonlyMap<string, Buffer>;

/** The objects of the API that containers and volumes are made from; undefined = no such object. */
export interface PodSources {
  configMap(namespace: string, name: string): Promise<KeyedData | undefined>;
  secret(namespace: string, name: string): Promise<KeyedData | undefined>;
  hasClaim(namespace: string, name: string): Promise<boolean>;
}

export class KubePodSources implements PodSources {
  constructor(private readonly client: KubeClient) {}

  async configMap(namespace: string, name: string): Promise<KeyedData | undefined> {
    const object = await orUndefined(this.client.get<ConfigMap>(resources.ConfigMap, namespace, name));
    if (!object) return undefined;
    return new Map([
      ...entries(object.data).map(([key, text]) => [key, Buffer.from(text)] as const),
      ...entries(object.binaryData).map(([key, text]) => [key, Buffer.from(text, 'base64')] as const),
    ]);
  }

  async secret(namespace: string, name: string): Promise<KeyedData | undefined> {
    const object = await orUndefined(this.client.get<Secret>(resources.Secret, namespace, name));
    if (!object) return undefined;
    return new Map([
      ...entries(object.data).map(([key, text]) => [key, Buffer.from(text, 'base64')] as const),
      ...entries(object.stringData).map(([key, text]) => [key, Buffer.from(text)] as const),
    ]);
  }

  async hasClaim(namespace: string, name: string): Promise<boolean> {
    const claim = this.client.get<PersistentVolumeClaim>(resources.PersistentVolumeClaim, namespace, name);
    return (await orUndefined(claim)) !== undefined;
  }
}

function entries(data: Readonly<Record<string, string>> | undefined): [string, string][] {
  return Object.entries(data ?? {});
}

async function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
