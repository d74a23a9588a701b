import { objectKey, resources, type Informer, type InformerSet, type KubeObject } from '@scalelab/kube';
import type { Deployment, HorizontalPodAutoscaler, Job, Pod } from '@scalelab/manifests';
import type { HpaSyncLine, KedaPollLine, MetricRequestLine, ScaledJobPollLine } from '@scalelab/recording';
import type { ScaledObject } from '@scalelab/scaling';
import { containerUsage, type ContainerTotals } from './container-usage';
import { DecisionTally } from './decision-tally';
import { deploymentState } from './deployment-state';
import { Exposition } from './exposition';
import { horizontalPodAutoscalerState } from './horizontalpodautoscaler-state';
import { jobState } from './job-state';
import { KedaTally } from './keda-tally';
import { podState } from './pod-state';
import { scaledObjectState } from './scaledobject-state';

/** Usage of one container by the pod's uid, as the kubelet keeps it. */
export interface UsageTotal {
  readonly uid: string;
  readonly name: string;
  readonly startedAtMs: number;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  readonly storage?: { readonly readBytes: number; readonly writtenBytes: number };
}

export interface LabMetricsOptions {
  readonly informers: InformerSet;
  readonly node: string;
  readonly usage: () => readonly UsageTotal[];
}

type Stored<T> = T & KubeObject;

/**
 * What kube-state-metrics, KEDA and a kubelet would tell Prometheus in a cluster, under the same names and labels, so that dashboards and
 * alerts are the same for the lab. Nothing is computed until somebody asks.
 */
export class LabMetrics {
  private readonly kedaTally = new KedaTally();
  private readonly decisions = new DecisionTally();
  private readonly deployments: Informer<Deployment>;
  private readonly autoscalers: Informer<HorizontalPodAutoscaler>;
  private readonly pods: Informer<Pod>;
  private readonly jobs: Informer<Job>;
  private readonly scaledObjects: Informer<Stored<ScaledObject>>;
  private readonly scaledJobs: Informer;

  constructor(private readonly options: LabMetricsOptions) {
    const { informers } = options;
    this.deployments = informers.of<Deployment>(resources.Deployment);
    this.autoscalers = informers.of<HorizontalPodAutoscaler>(resources.HorizontalPodAutoscaler);
    this.pods = informers.of<Pod>(resources.Pod);
    this.jobs = informers.of<Job>(resources.Job);
    this.scaledObjects = informers.of<Stored<ScaledObject>>(resources.ScaledObject);
    this.scaledJobs = informers.of(resources.ScaledJob);
  }

  hpaSync(record: Omit<HpaSyncLine, 'kind' | 't'>): void {
    this.decisions.take(record);
  }

  kedaPoll(record: Omit<KedaPollLine, 'kind' | 't'>): void {
    this.decisions.take(record);
    this.kedaTally.step(record.scaledObject, record.input, record.decision);
  }

  metricRequest(record: Omit<MetricRequestLine, 'kind' | 't'>): void {
    this.kedaTally.step(record.scaledObject, record.input, record.decision);
  }

  scaledJobPoll(record: Omit<ScaledJobPollLine, 'kind' | 't'>): void {
    this.kedaTally.scaledJobPoll(record.scaledJob, record.input, record.decision);
  }

  /** As kube-state-metrics. */
  kubeState(): string {
    const page = new Exposition();
    deploymentState(page, this.deployments.list());
    horizontalPodAutoscalerState(page, this.autoscalers.list());
    podState(page, this.pods.list());
    jobState(page, this.jobs.list());
    scaledObjectState(page, this.scaledObjects.list());
    return page.toString();
  }

  /** As KEDA's operator; and the decisions of all of the lab's autoscalers, which are the lab's own. */
  keda(): string {
    const page = new Exposition();
    const objects = this.scaledObjects.list();
    this.kedaTally.write(page, {
      objects: new Set(objects.map(objectKey)),
      jobs: new Set(this.scaledJobs.list().map(objectKey)),
    });
    const paused = page.family(
      'keda_scaled_object_paused',
      'gauge',
      'Indicates whether a ScaledObject is paused (1), or not (0).',
    );
    for (const { metadata, status } of objects) {
      const condition = status?.conditions?.find(({ type }) => type === 'Paused');
      paused(
        { namespace: metadata.namespace, scaledObject: metadata.name },
        condition?.status === 'True' ? 1 : 0,
      );
    }
    this.decisions.write(page);
    return page.toString();
  }

  /** As cAdvisor in a kubelet. */
  containers(): string {
    const page = new Exposition();
    const pods = new Map(this.pods.list().map((pod) => [pod.metadata.uid, pod]));
    const totals = this.options.usage().flatMap((usage): ContainerTotals[] => {
      const pod = pods.get(usage.uid);
      if (!pod) return [];
      const { name, namespace = '' } = pod.metadata;
      const image = pod.spec.containers.find((container) => container.name === usage.name)?.image ?? '';
      const { cpuSeconds, memoryBytes, startedAtMs, storage } = usage;
      return [
        {
          namespace,
          pod: name,
          container: usage.name,
          image,
          startedAtMs,
          cpuSeconds,
          memoryBytes,
          ...storage,
        },
      ];
    });
    containerUsage(page, this.options.node, totals);
    return page.toString();
  }
}
