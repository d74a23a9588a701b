import { resources, type Informer, type InformerSet, type KubeObject } from '@scalelab/kube';
import type { Deployment, ManifestObject, Pod, ReplicaSet } from '@scalelab/manifests';
import type {
  HpaSyncLine,
  KedaPollLine,
  MetricRequestLine,
  ScaledJobPollLine,
  WorkloadRef,
} from '@scalelab/recording';
import { podEvents } from './pod-events';
import type { RecordingFile } from './recording-file';
import { hpaSignal, kedaSignal } from './signal';

type Record<L> = Omit<L, 'kind' | 't'>;

export interface RecorderOptions {
  readonly file: RecordingFile;
  readonly informers: InformerSet;
  readonly now: () => number;
}

/** Kinds whose content decides about scaling, and so belongs into the recording. */
const decisive = [
  resources.ScaledObject,
  resources.ScaledJob,
  resources.HorizontalPodAutoscaler,
  // An external-push trigger's target stands in its route.
  resources.InterceptorRoute,
] as const;

/** Writes down what the controllers saw and decided, what changed about scaling, and what became of the pods. */
export class Recorder {
  private readonly deployments: Informer<Deployment>;
  private readonly replicaSets: Informer<ReplicaSet>;
  private readonly values = new Map<string, number | null>();
  private readonly wanted = new Map<string, number>();

  constructor(private readonly options: RecorderOptions) {
    const { informers } = options;
    this.deployments = informers.of<Deployment>(resources.Deployment);
    this.replicaSets = informers.of<ReplicaSet>(resources.ReplicaSet);
    for (const type of decisive) this.followManifests(informers.of(type));
    this.followPods(informers.of<Pod>(resources.Pod));
    this.deployments.on({ updated: (deployment, old) => this.counted(deployment, old) });
  }

  hpaSync(atMs: number, record: Record<HpaSyncLine>): void {
    this.options.file.write(atMs, { kind: 'hpaSync', ...record });
    this.sample(atMs, record.workload, hpaSignal(record.input, record.decision), record.to);
  }

  kedaPoll(atMs: number, record: Record<KedaPollLine>): void {
    this.options.file.write(atMs, { kind: 'kedaPoll', ...record });
    const value = kedaSignal(record.decision);
    this.sample(atMs, record.workload, value, record.to);
  }

  metricRequest(atMs: number, record: Record<MetricRequestLine>): void {
    this.options.file.write(atMs, { kind: 'metricRequest', ...record });
  }

  scaledJobPoll(atMs: number, record: Record<ScaledJobPollLine>): void {
    this.options.file.write(atMs, { kind: 'scaledJobPoll', ...record });
  }

  /** `value` undefined: not looked at, the last one stands. */
  private sample(
    atMs: number,
    workload: WorkloadRef,
    value: number | null | undefined,
    desired?: number,
  ): void {
    const key = `${workload.namespace}/${workload.name}`;
    if (value !== undefined) this.values.set(key, value);
    if (desired !== undefined) this.wanted.set(key, desired);
    const deployment = this.deployments.get(workload.namespace, workload.name);
    this.options.file.write(atMs, {
      kind: 'sample',
      workload: { namespace: workload.namespace, name: workload.name },
      value: this.values.get(key) ?? null,
      desired: desired ?? deployment?.spec.replicas ?? 1,
      current: deployment?.status?.replicas ?? 0,
      ready: deployment?.status?.readyReplicas ?? 0,
    });
  }

  private counted(deployment: Deployment, old: Deployment): void {
    const { name, namespace = '' } = deployment.metadata;
    if (!this.wanted.has(`${namespace}/${name}`)) return;
    const counts = ({ spec, status }: Deployment) =>
      [spec.replicas, status?.replicas ?? 0, status?.readyReplicas ?? 0].join();
    if (counts(deployment) !== counts(old)) this.sample(this.options.now(), { namespace, name }, undefined);
  }

  private followManifests(informer: Informer): void {
    const write = (action: 'added' | 'modified' | 'deleted') => (object: KubeObject, old?: KubeObject) => {
      // A status is the controllers' own doing and stands in their decisions already.
      if (old && old.metadata.generation === object.metadata.generation && sameAnnotations(old, object))
        return;
      this.options.file.write(this.options.now(), {
        kind: 'manifest',
        action,
        object: withoutStatus(object),
      });
    };
    informer.on({
      added: write('added'),
      updated: write('modified'),
      deleted: (object) => write('deleted')(object),
    });
  }

  private followPods(pods: Informer<Pod>): void {
    const write = (pod: Pod, old: Pod | undefined) => {
      for (const event of podEvents(pod, old)) this.writePod(pod, event);
    };
    pods.on({
      added: (pod) => write(pod, undefined),
      updated: (pod, old) => write(pod, old),
      deleted: (pod) => this.writePod(pod, { event: 'deleted' }),
    });
  }

  private writePod(pod: Pod, event: ReturnType<typeof podEvents>[number]): void {
    const workload = this.workloadOf(pod);
    const { name, namespace = '' } = pod.metadata;
    this.options.file.write(this.options.now(), {
      kind: 'pod',
      namespace,
      name,
      ...(workload && { workload }),
      ...event,
    });
  }

  private workloadOf(pod: Pod): WorkloadRef | undefined {
    const { namespace = '' } = pod.metadata;
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller);
    if (!owner) return undefined;
    if (owner.kind !== 'ReplicaSet') return { namespace, name: owner.name, kind: owner.kind };
    const above = this.replicaSets
      .get(namespace, owner.name)
      ?.metadata.ownerReferences?.find(({ controller }) => controller);
    return { namespace, name: above?.name ?? owner.name };
  }
}

function withoutStatus({ status: _status, ...object }: KubeObject): ManifestObject {
  return object;
}

function sameAnnotations(a: KubeObject, b: KubeObject): boolean {
  return JSON.stringify(a.metadata.annotations ?? {}) === JSON.stringify(b.metadata.annotations ?? {});
}
