import type { Pod, Service } from '@scalelab/manifests';
import type { Scheduler } from '@scalelab/kube';
import type { ContainerRunner } from './container-runner';
import type { PodPlace } from './downward';
import type { PodEvents } from './events';
import type { KubeletOptions } from './kubelet-options';
import type { PodFolder } from './pod-folder';
import type { PodSources } from './pod-sources';
import type { ProcessExit } from './process';
import type { UsageSampler } from './usage-sampler';

/** What the containers of one pod share. */
export interface PodContext {
  readonly options: KubeletOptions;
  readonly scheduler: Scheduler;
  readonly uid: string;
  readonly place: PodPlace;
  readonly folder: PodFolder;
  readonly sources: PodSources;
  readonly events: PodEvents;
  readonly usage: UsageSampler;
  /** The newest version seen. */
  pod(): Pod;
  /** Folder by volume name. */
  volumes(): ReadonlyMap<string, string>;
  /** Services of a namespace. */
  services(namespace: string): readonly Service[];
  /** The pod's own terminationGracePeriodSeconds, ms. */
  graceMs(): number;
  /** The status must be written again. */
  changed(): void;
  containerEnded(runner: ContainerRunner, exit: ProcessExit): void;
}
