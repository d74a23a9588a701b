import { request as httpRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as HttpsAgent } from 'node:https';
import { json } from 'node:stream/consumers';
import { connectionFromKubeconfig, type Kubeconfig, type KubeConnection } from './kubeconfig';
import { jsonLines } from './json-lines';
import {
  KubeApiError,
  type ApiStatus,
  type DeleteOptions,
  type KubeClient,
  type KubeList,
  type KubeObject,
  type ListOptions,
  type PatchOptions,
  type PatchType,
  type ResourceType,
  type Scale,
  type WatchEvent,
  type WatchOptions,
} from './port';
import { apiVersionOf, resourcePath } from './resources';

/** `autoscaling/v1` Scale as the API carries it. */
interface ScaleObject extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly replicas?: number; readonly selector?: string };
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal?: AbortSignal;
}

export interface HttpKubeClientOptions {
  /** A request other than a watch is given up after this, ms. Default 30,000. */
  readonly timeoutMs?: number;
}

const patchContentTypes: Readonly<Record<PatchType, string>> = {
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** The Kubernetes API over HTTP, unstructured: what the server sends is what the caller gets. */
export class HttpKubeClient implements KubeClient {
  private readonly agent: HttpAgent | HttpsAgent;

  constructor(
    private readonly connection: KubeConnection,
    private readonly options: HttpKubeClientOptions = {},
  ) {
    const keepAlive = { keepAlive: true, maxFreeSockets: 8 };
    this.agent =
      connection.server.protocol === 'https:' ? new HttpsAgent(keepAlive) : new HttpAgent(keepAlive);
  }

  /** The namespace of the kubeconfig's context. */
  get namespace(): string {
    return this.connection.namespace;
  }

  /** Ends idle connections. Watches end by their own signals. */
  close(): void {
    this.agent.destroy();
  }

  get<T extends KubeObject>(type: ResourceType, namespace: string | undefined, name: string): Promise<T> {
    return this.call<T>({ method: 'GET', path: resourcePath(type, namespace, name) });
  }

  async list<T extends KubeObject>(type: ResourceType, options: ListOptions = {}): Promise<KubeList<T>> {
    const list = await this.call<{ metadata?: { resourceVersion?: string }; items?: T[] }>({
      method: 'GET',
      path: resourcePath(type, options.namespace),
      query: { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector },
    });
    // A typed list's items come without their type.
    const typeMeta = { apiVersion: apiVersionOf(type), kind: type.kind };
    const items = (list.items ?? []).map((item) =>
      item.kind === undefined ? { ...typeMeta, ...item } : item,
    );
    return { resourceVersion: list.metadata?.resourceVersion ?? '', items };
  }

  async *watch<T extends KubeObject>(
    type: ResourceType,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>> {
    let response: IncomingMessage;
    try {
      response = await this.send({
        method: 'GET',
        path: resourcePath(type, options.namespace),
        query: {
          watch: 'true',
          allowWatchBookmarks: 'true',
          resourceVersion: options.resourceVersion,
          labelSelector: options.labelSelector,
          fieldSelector: options.fieldSelector,
        },
        signal: options.signal,
      });
    } catch (error) {
      if (options.signal.aborted) return;
      throw error;
    }
    const abort = (): void => void response.destroy();
    options.signal.addEventListener('abort', abort, { once: true });
    try {
      if ((response.statusCode ?? 500) >= 400) throw await refusal(response);
      for await (const line of jsonLines(response)) {
        const event = line as { type: string; object: T & ApiStatus };
        if (event.type === 'ERROR') yield { type: 'ERROR', status: statusOf(event.object) };
        else yield event as WatchEvent<T>;
      }
    } catch (error) {
      if (options.signal.aborted) return;
      throw error instanceof KubeApiError ? error : unreachable(this.connection.server, error);
    } finally {
      options.signal.removeEventListener('abort', abort);
      response.destroy();
    }
  }

  create<T extends KubeObject>(type: ResourceType, object: KubeObject): Promise<T> {
    return this.call<T>({
      method: 'POST',
      path: resourcePath(type, object.metadata.namespace),
      body: object,
    });
  }

  update<T extends KubeObject>(type: ResourceType, object: KubeObject): Promise<T> {
    const { namespace, name } = object.metadata;
    return this.call<T>({ method: 'PUT', path: resourcePath(type, namespace, name), body: object });
  }

  updateStatus<T extends KubeObject>(type: ResourceType, object: KubeObject): Promise<T> {
    const { namespace, name } = object.metadata;
    return this.call<T>({ method: 'PUT', path: resourcePath(type, namespace, name, 'status'), body: object });
  }

  patch<T extends KubeObject>(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    options: PatchOptions = {},
  ): Promise<T> {
    return this.call<T>({
      method: 'PATCH',
      path: resourcePath(type, namespace, name, options.subresource),
      query: {
        fieldManager: options.fieldManager ?? (options.type === 'apply' ? 'scalelab' : undefined),
        force: options.force === undefined ? undefined : String(options.force),
      },
      body: patch,
      contentType: patchContentTypes[options.type ?? 'merge'],
    });
  }

  async delete(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    options: DeleteOptions = {},
  ): Promise<void> {
    await this.call({
      method: 'DELETE',
      path: resourcePath(type, namespace, name),
      body: { kind: 'DeleteOptions', apiVersion: 'v1', ...options },
    });
  }

  async getScale(type: ResourceType, namespace: string, name: string): Promise<Scale> {
    return scaleOf(
      await this.call<ScaleObject>({ method: 'GET', path: resourcePath(type, namespace, name, 'scale') }),
    );
  }

  async updateScale(
    type: ResourceType,
    namespace: string,
    name: string,
    specReplicas: number,
    resourceVersion?: string,
  ): Promise<Scale> {
    const body: KubeObject = {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name, namespace, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
      spec: { replicas: specReplicas },
    };
    return scaleOf(
      await this.call<ScaleObject>({
        method: 'PUT',
        path: resourcePath(type, namespace, name, 'scale'),
        body,
      }),
    );
  }

  private async call<T>(call: Call): Promise<T> {
    const signal = AbortSignal.timeout(this.options.timeoutMs ?? 30_000);
    const response = await this.send({ ...call, signal });
    if ((response.statusCode ?? 500) >= 400) throw await refusal(response);
    return (await json(response)) as T;
  }

  private async send(call: Call): Promise<IncomingMessage> {
    const { server } = this.connection;
    const url = new URL(server.pathname.replace(/\/$/, '') + call.path, server);
    for (const [key, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, value);
    }
    const credentials = await this.connection.requestOptions();
    const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body));
    const headers: Record<string, string | number> = {
      ...(credentials.headers as Record<string, string> | undefined),
      accept: 'application/json',
      'user-agent': 'scalelab',
      ...(body === undefined
        ? {}
        : { 'content-type': call.contentType ?? 'application/json', 'content-length': body.length }),
    };
    const request = server.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        url,
        {
          agent: this.agent,
          ...credentials,
          headers,
          method: call.method,
          ...(call.signal === undefined ? {} : { signal: call.signal }),
        },
        resolve,
      );
      outgoing.on('error', (cause) => reject(unreachable(server, cause)));
      outgoing.end(body);
    });
  }
}

function unreachable(server: URL, cause: unknown): KubeApiError {
  const why = cause !== null && typeof cause === 'object' && 'message' in cause ? cause.message : cause;
  return new KubeApiError(
    {
      code: 503,
      reason: 'ServiceUnavailable',
      message: `${server.origin} does not answer, or no longer: ${String(why)}`,
    },
    { cause },
  );
}

async function refusal(response: IncomingMessage): Promise<KubeApiError> {
  const fallback = {
    code: response.statusCode ?? 500,
    reason: 'Unknown',
    message: `HTTP ${response.statusCode}`,
  };
  try {
    return new KubeApiError({ ...fallback, ...statusOf((await json(response)) as ApiStatus) });
  } catch (cause) {
    return new KubeApiError(fallback, { cause });
  }
}

const statusOf = ({ code, reason, message, details }: ApiStatus): ApiStatus => ({
  code,
  reason,
  message,
  ...(details === undefined ? {} : { details }),
});

const scaleOf = (scale: ScaleObject): Scale => ({
  specReplicas: scale.spec?.replicas ?? 0,
  statusReplicas: scale.status?.replicas ?? 0,
  selector: scale.status?.selector ?? '',
  resourceVersion: scale.metadata.resourceVersion ?? '',
});

/** A client for the cluster of a kubeconfig: a file's path or its content. */
export function kubeClientFromKubeconfig(
  source: string | Kubeconfig,
  options: HttpKubeClientOptions & { readonly context?: string } = {},
): HttpKubeClient {
  return new HttpKubeClient(connectionFromKubeconfig(source, options), options);
}
