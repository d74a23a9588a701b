import {
  Informer,
  keyOf,
  objectKey,
  resources,
  type KubeClient,
  type KubeObject,
  type ResourceType,
  type Scheduler,
} from '@scalelab/kube';
import type { ConfigMap, Endpoints, EndpointSlice, InterceptorRoute, Service } from '@scalelab/manifests';
import type { InterceptorProcess } from '../interceptor';
import type { Network } from './network';
import { routeState } from './route-state';
import { headlessAddresses, serviceState, type ServiceBackends } from './service-state';

const serviceLabel = 'kubernetes.io/service-name';
const bySlicedService = 'service';

export interface DataPlaneOptions {
  readonly client: KubeClient;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly interceptor: Pick<InterceptorProcess, 'setService' | 'dropService' | 'setRoute' | 'dropRoute'>;
  readonly logger: { warn(fields: object, message: string): void };
}

/** Keeps names, addresses and the interceptor true to the Services, their endpoints and the InterceptorRoutes of the API. */
export class DataPlane {
  private readonly stopped = new AbortController();
  private readonly services: Informer<Service>;
  private readonly slices: Informer<EndpointSlice>;
  private readonly endpoints: Informer<Endpoints>;
  private readonly routes: Informer<InterceptorRoute>;
  /** Last told to the interceptor: the same again would only cost time. */
  private readonly told = new Map<string, string>();
  private readonly podNames = new Map<string, readonly string[]>();

  constructor(private readonly options: DataPlaneOptions) {
    this.services = this.informer<Service>(resources.Service);
    this.slices = this.informer<EndpointSlice>(resources.EndpointSlice);
    this.endpoints = this.informer<Endpoints>(resources.Endpoints);
    this.routes = this.informer<InterceptorRoute>(resources.InterceptorRoute);
    this.slices.addIndex(bySlicedService, (slice) => {
      const name = slice.metadata.labels?.[serviceLabel];
      return name === undefined ? [] : [keyOf(slice.metadata.namespace, name)];
    });
  }

  /** Resolves when everything present has been taken in. */
  async start(): Promise<void> {
    const { signal } = this.stopped;
    const ofSlice = (slice: EndpointSlice): string =>
      keyOf(slice.metadata.namespace, slice.metadata.labels?.[serviceLabel] ?? '');
    this.services.on({
      added: (service) => this.sync(objectKey(service)),
      updated: (service) => this.sync(objectKey(service)),
      deleted: (service) => this.drop(service),
    });
    this.slices.on({
      added: (slice) => this.sync(ofSlice(slice)),
      updated: (slice) => this.sync(ofSlice(slice)),
      deleted: (slice) => this.sync(ofSlice(slice)),
    });
    this.endpoints.on({
      added: (endpoints) => this.sync(objectKey(endpoints)),
      updated: (endpoints) => this.sync(objectKey(endpoints)),
      deleted: (endpoints) => this.sync(objectKey(endpoints)),
    });
    this.routes.on({
      added: (route) => this.setRoute(route),
      updated: (route, old) => {
        if (JSON.stringify(route.spec) !== JSON.stringify(old.spec)) this.setRoute(route);
      },
      deleted: (route) => this.options.interceptor.dropRoute(objectKey(route)),
    });
    const all = [this.services, this.slices, this.endpoints, this.routes];
    for (const informer of all) informer.start(signal);
    await Promise.all(all.map((informer) => informer.synced()));
  }

  stop(): void {
    this.stopped.abort();
  }

  private informer<T extends KubeObject>(type: ResourceType): Informer<T> {
    const { client, logger, scheduler } = this.options;
    return new Informer<T>({
      client,
      scheduler,
      type,
      onError: (error) =>
        logger.warn({ err: error, resource: type.plural }, 'watch ended, starting it again'),
    });
  }

  private sync(key: string): void {
    const service = this.services.getByKey(key);
    if (!service) return;
    const { interceptor, network } = this.options;
    const { name, namespace = 'default' } = service.metadata;
    const { clusterIP, externalName, type } = service.spec;
    if (type === 'ExternalName')
      return network.names.set(namespace, name, { kind: 'alias', name: externalName ?? '' });

    const backends: ServiceBackends = {
      slices: this.slices.byIndex(bySlicedService, key),
      endpoints: this.endpoints.getByKey(key),
    };
    const address = clusterIP === 'None' ? undefined : this.address(service);
    if (address === undefined) this.setHeadless(service, backends);
    else network.names.set(namespace, name, { kind: 'addresses', addresses: [address] });
    const state = serviceState(service, address, backends);
    const text = JSON.stringify(state);
    if (this.told.get(key) === text) return;
    this.told.set(key, text);
    interceptor.setService(state);
  }

  /** The Service's address: its own when this lab gave it away, else a new one, which is written to its spec. */
  private address(service: Service): string {
    const { client, logger, network } = this.options;
    const key = objectKey(service);
    const { clusterIP } = service.spec;
    if (clusterIP && network.book.owns(clusterIP)) {
      network.holdServiceAddress(key, clusterIP);
      return clusterIP;
    }
    const address = network.serviceAddress(key);
    const { name, namespace } = service.metadata;
    client
      .patch(resources.Service, namespace, name, { spec: { clusterIP: address, clusterIPs: [address] } })
      .catch((error: unknown) =>
        logger.warn({ err: error, service: key }, 'writing the address of a Service failed'),
      );
    return address;
  }

  private setHeadless(service: Service, backends: ServiceBackends): void {
    const { names } = this.options.network;
    const { name, namespace = 'default' } = service.metadata;
    const { all, byHostname } = headlessAddresses(service, backends);
    names.set(namespace, name, { kind: 'addresses', addresses: all });
    const now = [...byHostname.keys()].map((hostname) => `${hostname}.${name}`);
    for (const old of this.podNames.get(objectKey(service)) ?? [])
      if (!now.includes(old)) names.delete(namespace, old);
    for (const [hostname, address] of byHostname) {
      names.set(namespace, `${hostname}.${name}`, { kind: 'addresses', addresses: [address] });
    }
    this.podNames.set(objectKey(service), now);
  }

  private drop(service: Service): void {
    const { interceptor, network } = this.options;
    const key = objectKey(service);
    const { name, namespace = 'default' } = service.metadata;
    for (const old of [name, ...(this.podNames.get(key) ?? [])]) network.names.delete(namespace, old);
    this.podNames.delete(key);
    this.told.delete(key);
    interceptor.dropService(key);
    network.releaseService(key);
  }

  private setRoute(route: InterceptorRoute): void {
    const { client, interceptor, logger } = this.options;
    interceptor.setRoute(routeState(route));
    void this.writeReady(route);
    const source = route.spec.coldStart?.placeholder?.response.bodyFromConfigMap;
    if (!source) return;
    client
      .get<ConfigMap>(resources.ConfigMap, route.metadata.namespace, source.name)
      .then(({ data }) => interceptor.setRoute(routeState(route, data?.[source.key ?? 'index.html'] ?? '')))
      .catch((error: unknown) =>
        logger.warn({ err: error, route: objectKey(route) }, 'the placeholder of a route has no body'),
      );
  }

  /** What the add-on's operator writes. */
  private async writeReady(route: InterceptorRoute): Promise<void> {
    const { client, logger, scheduler } = this.options;
    const before = route.status?.conditions?.find(({ type }) => type === 'Ready');
    if (before?.observedGeneration === route.metadata.generation && before?.status === 'True') return;
    const ready = {
      type: 'Ready',
      status: 'True',
      reason: 'Reconciled',
      message: 'InterceptorRoute successfully reconciled',
      observedGeneration: route.metadata.generation,
      lastTransitionTime:
        before?.lastTransitionTime ?? `${new Date(scheduler.now()).toISOString().slice(0, 19)}Z`,
    };
    try {
      const { name, namespace } = route.metadata;
      const options = { type: 'merge', subresource: 'status' } as const;
      await client.patch(
        resources.InterceptorRoute,
        namespace,
        name,
        { status: { conditions: [ready] } },
        options,
      );
    } catch (error) {
      logger.warn({ err: error, route: objectKey(route) }, 'writing the status of a route failed');
    }
  }
}
