import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { apiErrors, KubeApiError, type Kubeconfig, type Scheduler } from '@scalelab/kube';
import type { ObjectStore } from '../store';
import { servingCertificates, type ServingCertificates } from './certificate';
import { apiGroup, apiGroups, apiResources, coreVersions, type VirtualResource } from './discovery';
import { kubeconfigOf } from './kubeconfig-file';
import { podMetricsResource, readExternalMetric, readPodMetrics } from './metrics-api';
import { parsePath, type RequestTarget, type ResourceTarget } from './request-path';
import { ResourceHandler } from './resource-handler';
import type { ExternalMetricSource, LogSource, PodUsageSource } from './sources';
import { refusalOf, sendJson, sendText, statusObject } from './status-response';

export interface ApiServerOptions {
  readonly store: ObjectStore;
  readonly scheduler: Scheduler;
  /** Default 127.0.0.1; the lab is never reachable from other machines. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** What clients must present as bearer. Default: 32 random bytes. */
  readonly token?: string;
  /** Default: an authority made at start. */
  readonly certificates?: ServingCertificates;
  readonly logs?: LogSource;
  readonly podUsage?: PodUsageSource;
  readonly externalMetrics?: ExternalMetricSource;
  /** Longest request body, bytes. Default 3 MiB, as Kubernetes. */
  readonly bodyLimitBytes?: number;
  /** Between bookmarks of a watch, ms. Default 60,000. */
  readonly bookmarkEveryMs?: number;
  /** Told of each request that failed for a reason of our own. */
  readonly onError?: (error: unknown, request: { readonly method: string; readonly path: string }) => void;
}

const version = {
  major: '1',
  minor: '34',
  gitVersion: 'v1.34.4+scalelab',
  gitTreeState: 'clean',
  goVersion: 'node',
  compiler: 'node',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
};

/** Requests under way have this long when the server stops, ms. */
const stopWithinMs = 500;

/** The Kubernetes API of the lab over HTTPS, for a bearer of its token. */
export class ApiServer {
  readonly token: string;
  private readonly certificates: ServingCertificates;
  private readonly server: Server;
  private readonly handler: ResourceHandler;
  private readonly expectedHeader: Buffer;
  private isReady = true;

  constructor(private readonly options: ApiServerOptions) {
    this.token = options.token ?? randomBytes(32).toString('base64url');
    this.expectedHeader = Buffer.from(`Bearer ${this.token}`);
    this.certificates =
      options.certificates ??
      servingCertificates({
        dnsNames: [
          'localhost',
          'kubernetes',
          'kubernetes.default',
          'kubernetes.default.svc',
          'kubernetes.default.svc.cluster.local',
        ],
        addresses: ['127.0.0.1'],
        nowMs: Date.now(),
      });
    this.handler = new ResourceHandler({
      store: options.store,
      scheduler: options.scheduler,
      logs: options.logs,
      bodyLimitBytes: options.bodyLimitBytes ?? 3 * 2 ** 20,
      bookmarkEveryMs: options.bookmarkEveryMs ?? 60_000,
    });
    const { certificate, key } = this.certificates.serving;
    this.server = createServer(
      { cert: certificate, key, keepAliveTimeout: 65_000, requestTimeout: 0 },
      (request, response) => void this.serve(request, response),
    );
  }

  /** Resolves when it listens. @throws the socket's error, EADDRINUSE for instance */
  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.options.port ?? 0, this.options.host ?? '127.0.0.1', () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  /** `https://127.0.0.1:PORT`. */
  get url(): string {
    return `https://${this.options.host ?? '127.0.0.1'}:${(this.server.address() as AddressInfo).port}`;
  }

  /** PEM of the authority that signed the server's certificate. */
  get authority(): string {
    return this.certificates.authority;
  }

  kubeconfig(): Kubeconfig {
    return kubeconfigOf({ server: this.url, authority: this.authority, token: this.token });
  }

  /** Ends watches and connections; resolves when the port is free. */
  async stop(): Promise<void> {
    this.isReady = false;
    // What clients were being told is sent to its end; one that does not read is cut off.
    const force = setTimeout(() => this.server.closeAllConnections(), stopWithinMs);
    await this.handler.stop();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    const sweep = setInterval(() => this.server.closeIdleConnections(), 10);
    await closed;
    clearInterval(sweep);
    clearTimeout(force);
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://lab');
    try {
      const target = parsePath(url.pathname);
      if (target?.kind === 'health') {
        sendText(response, this.isReady ? 200 : 503, this.isReady ? 'ok' : 'stopping');
        return;
      }
      this.authenticate(request);
      if (target === undefined) throw apiErrors.noSuchPath();
      if (target.kind === 'resource') await this.resource(target, url.searchParams, request, response);
      else this.read(target, request, response);
    } catch (error) {
      this.refuse(error, request, response, url.pathname);
    }
  }

  private authenticate(request: IncomingMessage): void {
    const given = Buffer.from(request.headers.authorization ?? '');
    if (given.length !== this.expectedHeader.length || !timingSafeEqual(given, this.expectedHeader)) {
      throw apiErrors.unauthorized();
    }
  }

  private virtual(): VirtualResource[] {
    return this.options.podUsage === undefined ? [] : [podMetricsResource];
  }

  private read(
    target: Exclude<RequestTarget, ResourceTarget | { kind: 'health' }>,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    if (request.method !== 'GET') throw apiErrors.methodNotAllowed(request.method ?? '');
    const kinds = this.options.store.kinds.all();
    const body = (): object | undefined => {
      switch (target.kind) {
        case 'version':
          return version;
        case 'coreVersions':
          return coreVersions(new URL(this.url).host);
        case 'groups':
          return apiGroups(kinds, this.virtual());
        case 'group':
          return apiGroup(target.group, kinds, this.virtual());
        case 'resources':
          return apiResources(target.group, target.version, kinds, this.virtual());
      }
    };
    const found = body();
    if (found === undefined) throw apiErrors.noSuchPath();
    sendJson(response, 200, found);
  }

  private async resource(
    target: ResourceTarget,
    query: URLSearchParams,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { podUsage, externalMetrics, scheduler, store } = this.options;
    if (podUsage !== undefined && target.group === podMetricsResource.group && target.plural === 'pods') {
      if (request.method !== 'GET') throw apiErrors.methodNotAllowed(request.method ?? '');
      sendJson(response, 200, readPodMetrics(store, podUsage, target, query));
      return;
    }
    if (externalMetrics !== undefined && target.group === 'external.metrics.k8s.io') {
      if (request.method !== 'GET') throw apiErrors.methodNotAllowed(request.method ?? '');
      sendJson(response, 200, await readExternalMetric(externalMetrics, target, query, scheduler.now()));
      return;
    }
    const kind = store.kinds.find(target.group, target.version, target.plural);
    if (kind === undefined) throw apiErrors.noSuchPath();
    await this.handler.handle({ kind, target, query, request, response });
  }

  private refuse(error: unknown, request: IncomingMessage, response: ServerResponse, path: string): void {
    if (!(error instanceof KubeApiError))
      this.options.onError?.(error, { method: request.method ?? '', path });
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { status } = refusalOf(error);
    // The rest of a body that nobody reads would keep the connection from its next request.
    if (!request.complete) response.setHeader('connection', 'close');
    sendJson(response, status.code, statusObject(status));
  }
}
