import { once } from 'node:events';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:https';
import { json } from 'node:stream/consumers';
import {
  connectionFromKubeconfig,
  HttpKubeClient,
  type KubeConnection,
  type KubeObject,
  type ResourceType,
} from '@scalelab/kube';

interface Discovered {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

// They come and go by themselves, whatever is installed.
const restless = new Set(['Event', 'Lease', 'ComponentStatus', 'PodMetrics', 'NodeMetrics']);
// Every namespace gets these.
const given = /^(ConfigMap \S+\/kube-root-ca\.crt|ServiceAccount \S+\/default)$/;

/** A cluster's API beyond typed objects: what it serves, and everything that is in it. */
export class ClusterApi {
  readonly client: HttpKubeClient;
  private readonly connection: KubeConnection;

  constructor(kubeconfig: string, context?: string) {
    this.connection = connectionFromKubeconfig(kubeconfig, context === undefined ? {} : { context });
    this.client = new HttpKubeClient(this.connection);
  }

  get server(): string {
    return this.connection.server.origin;
  }

  close(): void {
    this.client.close();
  }

  /** A document of the API. @throws Error with the path and the answer */
  async read<T>(path: string): Promise<T> {
    const { body, status } = await this.ask('GET', path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  /** For subresources that are no objects; a refusal is an answer. */
  post(path: string, body: object): Promise<{ readonly status: number; readonly body: unknown }> {
    return this.ask('POST', path, body);
  }

  private async ask(method: string, path: string, content?: object) {
    const { connection } = this;
    const { headers, ...options } = await connection.requestOptions();
    const outgoing = request(new URL(path, connection.server), {
      ...options,
      method,
      headers: { ...(headers as OutgoingHttpHeaders), 'content-type': 'application/json' },
      timeout: 10_000,
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer from ${this.server} in 10 s`)));
    outgoing.end(content === undefined ? undefined : JSON.stringify(content));
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const body: unknown = await json(response);
    return { status: response.statusCode ?? 0, body };
  }

  /** Types whose objects can be listed. A group that does not answer (an aggregated API that is down) has none. */
  async kinds(): Promise<ResourceType[]> {
    const { groups } = await this.read<{
      readonly groups: readonly { readonly preferredVersion: { readonly groupVersion: string } }[];
    }>('/apis');
    const versions = ['v1', ...groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
    const lists = await Promise.all(
      versions.map(async (groupVersion) => {
        const path = groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
        const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion];
        try {
          const { resources } = await this.read<{ readonly resources: readonly Discovered[] }>(path);
          return resources
            .filter(({ name, verbs }) => !name.includes('/') && verbs.includes('list'))
            .map(({ kind, name: plural, namespaced }): ResourceType => ({
              group: group ?? '',
              version: version ?? '',
              plural,
              kind,
              namespaced,
            }));
        } catch {
          return [];
        }
      }),
    );
    return lists.flat();
  }

  /** `Kind namespace/name` of every object that does not come and go by itself. */
  async inventory(): Promise<Set<string>> {
    const kinds = (await this.kinds()).filter(({ kind }) => !restless.has(kind));
    const lists = await Promise.all(
      kinds.map(async (type) => {
        const { items } = await this.client.list<KubeObject>(type);
        return items.map(({ metadata }) => `${type.kind} ${metadata.namespace ?? ''}/${metadata.name}`);
      }),
    );
    return new Set(lists.flat().filter((key) => !given.test(key)));
  }
}
