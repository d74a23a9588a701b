import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  apiErrors,
  apiVersionOf,
  isJsonObject,
  valueAt,
  type KubeObject,
  type Scale,
  type Scheduler,
} from '@scalelab/kube';
import { encodedObject, scaleObject, type ObjectStore, type ServedKind } from '../store';
import { listBytes } from './list-response';
import { sendPodLog } from './pod-log';
import { readBody, readPatch } from './request-body';
import { deleteOptions, isTrue, listOptions, wholeNumber, writeOptions } from './request-options';
import type { ResourceTarget } from './request-path';
import type { LogSource } from './sources';
import { sendJson } from './status-response';
import { WatchResponse } from './watch-response';

/** A watch without `timeoutSeconds` is ended by the server after half an hour, so that dead peers do not pile up. */
const defaultWatchMs = 1_800_000;

export interface ResourceHandlerOptions {
  readonly store: ObjectStore;
  readonly scheduler: Scheduler;
  readonly logs: LogSource | undefined;
  readonly bodyLimitBytes: number;
  readonly bookmarkEveryMs: number;
}

/** One request for a stored kind. */
interface Exchange {
  readonly kind: ServedKind;
  readonly target: ResourceTarget;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}
type Named = Exchange & { readonly target: ResourceTarget & { readonly name: string } };

/** The verbs of the Kubernetes API on the store's kinds and their subresources. */
export class ResourceHandler {
  private readonly watches = new Set<WatchResponse>();
  private stopped = false;

  constructor(private readonly options: ResourceHandlerOptions) {}

  async handle(exchange: Exchange): Promise<void> {
    const { target } = exchange;
    if (target.namespace !== undefined && !exchange.kind.type.namespaced) throw apiErrors.noSuchPath();
    if (target.name === undefined) return this.collection(exchange);
    const named: Named = { ...exchange, target: { ...target, name: target.name } };
    if (exchange.kind.type.namespaced && target.namespace === undefined) throw apiErrors.noSuchPath();
    switch (target.subresource) {
      case undefined:
        return this.object(named);
      case 'status':
        return this.status(named);
      case 'scale':
        return this.scale(named);
      case 'finalize':
        if (named.kind.type.kind === 'Namespace') return this.object(named);
        throw apiErrors.noSuchPath();
      case 'log':
        if (named.kind.type.kind === 'Pod' && this.options.logs !== undefined) {
          return sendPodLog(this.options.store, this.options.logs, named.target, named.query, named.response);
        }
        throw apiErrors.noSuchPath();
      default:
        throw apiErrors.noSuchPath();
    }
  }

  /** Ends all watches; resolves when their ends are sent. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.watches].map((watch) => watch.end()));
  }

  private async collection(exchange: Exchange): Promise<void> {
    const { kind, target, query, request, response } = exchange;
    const { store } = this.options;
    switch (request.method) {
      case 'GET': {
        if (isTrue(query.get('watch'))) return this.watch(exchange);
        const page = {
          limit: wholeNumber(query, 'limit'),
          continueToken: query.get('continue') || undefined,
        };
        const list = store.list(kind.type, listOptions(query, target.namespace));
        return sendJson(response, 200, listBytes(kind, list, page));
      }
      case 'POST': {
        const body = await readBody(request, this.options.bodyLimitBytes);
        const object = store.create(
          kind.type,
          inNamespace(kind, body, target.namespace),
          writeOptions(query),
        );
        return sendJson(response, 201, encodedObject(object));
      }
      case 'DELETE': {
        const body = await readBody(request, this.options.bodyLimitBytes);
        const { items, ...list } = store.list(kind.type, listOptions(query, target.namespace));
        const options = deleteOptions(query, body);
        for (const { metadata } of items) store.delete(kind.type, metadata.namespace, metadata.name, options);
        return sendJson(
          response,
          200,
          listBytes(kind, { ...list, items }, { limit: undefined, continueToken: undefined }),
        );
      }
      default:
        throw apiErrors.methodNotAllowed(request.method ?? '');
    }
  }

  private watch({ kind, target, query, response }: Exchange): void {
    const { store, scheduler } = this.options;
    const sendInitial = isTrue(query.get('sendInitialEvents'));
    const version = query.get('resourceVersion');
    // "0" and nothing mean: whatever there is, then go on.
    const from = version === null || version === '' || version === '0' || sendInitial ? undefined : version;
    const cursor = store.watch(kind.type, {
      ...listOptions(query, target.namespace, target.name),
      ...(from === undefined ? {} : { resourceVersion: from }),
    });
    const timeoutSeconds = wholeNumber(query, 'timeoutSeconds');
    const watch = new WatchResponse(response, {
      kind,
      cursor,
      scheduler,
      version: () => store.resourceVersion,
      bookmarkEveryMs: isTrue(query.get('allowWatchBookmarks')) ? this.options.bookmarkEveryMs : undefined,
      markInitialEnd: sendInitial && isTrue(query.get('allowWatchBookmarks')),
      endAfterMs:
        timeoutSeconds === undefined || timeoutSeconds === 0 ? defaultWatchMs : timeoutSeconds * 1000,
    });
    this.watches.add(watch);
    response.on('close', () => this.watches.delete(watch));
    if (this.stopped) void watch.end();
  }

  private async object(exchange: Named): Promise<void> {
    const { kind, target, query, request, response } = exchange;
    const { store, bodyLimitBytes } = this.options;
    switch (request.method) {
      case 'GET':
        if (isTrue(query.get('watch'))) return this.watch(exchange);
        return sendJson(response, 200, encodedObject(store.get(kind.type, target.namespace, target.name)));
      case 'PUT': {
        const body = namedAs(kind, await readBody(request, bodyLimitBytes), target);
        return sendJson(response, 200, encodedObject(store.update(kind.type, body, writeOptions(query))));
      }
      case 'PATCH': {
        const { type, patch } = await readPatch(request, bodyLimitBytes);
        const before = store.resourceVersion;
        const options = { ...writeOptions(query), type };
        const object = store.patch(kind.type, target.namespace, target.name, patch, options);
        const created =
          type === 'apply' &&
          object.metadata.generation === 1 &&
          Number(object.metadata.resourceVersion) === Number(before) + 1;
        return sendJson(response, created ? 201 : 200, encodedObject(object));
      }
      case 'DELETE': {
        const options = deleteOptions(query, await readBody(request, bodyLimitBytes));
        const { object, removed } = store.delete(kind.type, target.namespace, target.name, options);
        return sendJson(
          response,
          200,
          removed && !kind.gracefulDeletion ? deleted(kind, object) : encodedObject(object),
        );
      }
      default:
        throw apiErrors.methodNotAllowed(request.method ?? '');
    }
  }

  private async status({ kind, target, query, request, response }: Named): Promise<void> {
    const { store, bodyLimitBytes } = this.options;
    if (!kind.hasStatus) throw apiErrors.noSuchPath();
    switch (request.method) {
      case 'GET':
        return sendJson(response, 200, encodedObject(store.get(kind.type, target.namespace, target.name)));
      case 'PUT': {
        const body = namedAs(kind, await readBody(request, bodyLimitBytes), target);
        return sendJson(
          response,
          200,
          encodedObject(store.updateStatus(kind.type, body, writeOptions(query))),
        );
      }
      case 'PATCH': {
        const { type, patch } = await readPatch(request, bodyLimitBytes);
        const options = { ...writeOptions(query), type, subresource: 'status' } as const;
        return sendJson(
          response,
          200,
          encodedObject(store.patch(kind.type, target.namespace, target.name, patch, options)),
        );
      }
      default:
        throw apiErrors.methodNotAllowed(request.method ?? '');
    }
  }

  private async scale({ kind, target, query, request, response }: Named): Promise<void> {
    const { store, bodyLimitBytes } = this.options;
    const { namespace = '', name } = target;
    if (kind.scale === undefined) throw apiErrors.noSuchPath();
    const present = store.getScale(kind.type, namespace, name);
    const send = (scale: Scale): void =>
      sendJson(response, 200, scaleObject(store.get(kind.type, namespace, name), scale));
    switch (request.method) {
      case 'GET':
        return send(present);
      case 'PUT': {
        const wanted = scaleRequest(await readBody(request, bodyLimitBytes));
        return send(
          store.updateScale(kind.type, namespace, name, wanted.replicas, wanted.version, writeOptions(query)),
        );
      }
      case 'PATCH': {
        const { type, patch } = await readPatch(request, bodyLimitBytes);
        const shown = scaleObject(store.get(kind.type, namespace, name), present);
        const wanted = scaleRequest(store.patched(shown, patch, type));
        return send(
          store.updateScale(kind.type, namespace, name, wanted.replicas, wanted.version, writeOptions(query)),
        );
      }
      default:
        throw apiErrors.methodNotAllowed(request.method ?? '');
    }
  }
}

function scaleRequest(body: unknown): { readonly replicas: number; readonly version: string | undefined } {
  const replicas = valueAt(body, ['spec', 'replicas']) ?? 0;
  if (typeof replicas !== 'number') {
    throw apiErrors.badRequest(`spec.replicas: expected a whole number, got ${JSON.stringify(replicas)}`);
  }
  const version = valueAt(body, ['metadata', 'resourceVersion']);
  return { replicas, version: typeof version === 'string' ? version : undefined };
}

/** The body with the namespace of its path; another one in the body is refused. */
function inNamespace(kind: ServedKind, body: unknown, namespace: string | undefined): unknown {
  if (!isJsonObject(body)) throw apiErrors.badRequest('the body is missing or not an object');
  const typed = { apiVersion: apiVersionOf(kind.type), kind: kind.type.kind, ...body };
  if (namespace === undefined) return typed;
  const metadata = isJsonObject(body.metadata) ? body.metadata : {};
  if (metadata.namespace !== undefined && metadata.namespace !== '' && metadata.namespace !== namespace) {
    throw apiErrors.badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  }
  return { ...typed, metadata: { ...metadata, namespace } };
}

/** The body with the name and namespace of its path; other ones in the body are refused. */
function namedAs(
  kind: ServedKind,
  body: unknown,
  target: ResourceTarget & { readonly name: string },
): unknown {
  const object = inNamespace(kind, body, target.namespace) as KubeObject;
  const given = object.metadata?.name;
  if (given !== undefined && given !== '' && given !== target.name) {
    throw apiErrors.badRequest(
      `the name of the object (${given}) does not match the name on the URL (${target.name})`,
    );
  }
  return { ...object, metadata: { ...object.metadata, name: target.name } };
}

function deleted(kind: ServedKind, object: KubeObject): object {
  const { name, uid } = object.metadata;
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(kind.type.group === '' ? {} : { group: kind.type.group }),
      kind: kind.type.plural,
      uid,
    },
  };
}
