import {
  isNotFound,
  labelSelectorMatcher,
  objectKey,
  keyOf,
  resources,
  sameJson,
  type Informer,
  type KubeObject,
  type WorkQueue,
} from '@scalelab/kube';
import type { EndpointSlice, Pod, Service } from '@scalelab/manifests';
import type { Controller, ControllerContext } from '../controller';
import { controllerQueue } from '../controller-queue';
import { endpointSlices, hasEndpoint, managedBy, managedByLabel, serviceLabel } from './endpoint-slices';
import { isReadyPod } from '../pod-state';

/** Keeps the EndpointSlices of each Service with a selector: its ready pods first of all, and those that come or go. */
export class EndpointsController implements Controller {
  readonly name = 'endpointslice-controller';
  readonly queue: WorkQueue;
  private readonly services: Informer<Service>;
  private readonly pods: Informer<Pod>;
  private readonly slices: Informer<EndpointSlice>;

  constructor(private readonly context: ControllerContext) {
    this.queue = controllerQueue(context, this.name, 2);
    this.services = context.informers.of<Service>(resources.Service);
    this.pods = context.informers.of<Pod>(resources.Pod);
    this.slices = context.informers.of<EndpointSlice>(resources.EndpointSlice);
    this.slices.addIndex('service', ({ metadata }) => [
      metadata.labels?.[managedByLabel] === managedBy
        ? keyOf(metadata.namespace, metadata.labels[serviceLabel] ?? '')
        : '',
    ]);
    const enqueue = (service: Service): void => this.queue.add(objectKey(service));
    this.services.on({ added: enqueue, updated: enqueue, deleted: enqueue });
    this.pods.on({
      added: (pod) => this.podChanged(pod),
      updated: (pod, old) => {
        if (looksTheSame(pod, old)) return;
        this.podChanged(old);
        this.podChanged(pod);
      },
      deleted: (pod) => this.podChanged(pod),
    });
    const ownerOf = ({ metadata }: EndpointSlice): void => {
      const name = metadata.labels?.[serviceLabel];
      if (name !== undefined) this.queue.add(keyOf(metadata.namespace, name));
    };
    this.slices.on({ updated: ownerOf, deleted: ownerOf });
  }

  async reconcile(key: string): Promise<void> {
    const service = this.services.getByKey(key);
    const selector = service?.spec?.selector;
    // Without a selector somebody else writes the slices; a deleted Service's are garbage.
    if (service === undefined || selector === undefined || service.spec?.type === 'ExternalName') return;
    if (service.metadata.deletionTimestamp !== undefined) return;
    const matches = labelSelectorMatcher({ matchLabels: selector });
    const pods = this.pods.list(service.metadata.namespace).filter((pod) => matches(pod.metadata.labels));
    const wanted = new Map(endpointSlices(service, pods).map((slice) => [slice.metadata.name, slice]));
    for (const present of this.slices.byIndex('service', key)) {
      const slice = wanted.get(present.metadata.name);
      wanted.delete(present.metadata.name);
      if (slice === undefined) await this.remove(present);
      else await this.correct(present, slice);
    }
    for (const slice of wanted.values()) {
      this.slices.observe(await this.context.client.create<EndpointSlice>(resources.EndpointSlice, slice));
    }
  }

  private podChanged(pod: Pod): void {
    for (const service of this.services.list(pod.metadata.namespace)) {
      const selector = service.spec?.selector;
      if (selector === undefined) continue;
      if (labelSelectorMatcher({ matchLabels: selector })(pod.metadata.labels))
        this.queue.add(objectKey(service));
    }
  }

  private async correct(present: EndpointSlice, wanted: KubeObject): Promise<void> {
    const same =
      sameJson(present.endpoints, wanted.endpoints) &&
      sameJson(present.ports, wanted.ports) &&
      sameJson(present.metadata.labels, wanted.metadata.labels);
    if (same) return;
    const { resourceVersion } = present.metadata;
    const metadata = { ...wanted.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
    const written = await this.context.client.update<EndpointSlice>(resources.EndpointSlice, {
      ...wanted,
      metadata,
    });
    this.slices.observe(written);
  }

  private async remove({ metadata }: EndpointSlice): Promise<void> {
    await this.context.client
      .delete(resources.EndpointSlice, metadata.namespace, metadata.name)
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }
}

/** Pods write their status often; only this much of it is of interest here. */
function looksTheSame(a: Pod, b: Pod): boolean {
  return (
    hasEndpoint(a) === hasEndpoint(b) &&
    a.status?.podIP === b.status?.podIP &&
    isReadyPod(a) === isReadyPod(b) &&
    a.metadata.deletionTimestamp === b.metadata.deletionTimestamp &&
    a.spec.nodeName === b.spec.nodeName &&
    sameJson(a.metadata.labels, b.metadata.labels)
  );
}
