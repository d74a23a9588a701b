import type { KubeClient, Scheduler } from '@scalelab/kube';
import type { Network } from '../network';
import type { BackOffOptions } from './back-off';
import type { ImageMap } from './image-map';

export interface KubeletLogger {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface KubeletOptions {
  readonly client: KubeClient;
  readonly scheduler: Scheduler;
  readonly logger: KubeletLogger;
  /** Name of the node whose pods it runs; made in the API at start. Default `lab`. */
  readonly node?: string;
  readonly images: ImageMap;
  readonly network: Network;
  /** Folder for everything that dies with the lab. */
  readonly runDir: string;
  /** Folder of persistent volume claims. Default `<runDir>/claims`. */
  readonly claimsDir?: string;
  /** The bundled preload of Node pods; absent: pods run without one. */
  readonly preload?: string;
  /** V8 compile cache shared by all Node pods. Default none. */
  readonly compileCache?: string;
  /** Told of every process group, so that a reaper can end them when the lab dies. */
  readonly onGroup?: (event: 'started' | 'ended', processGroup: number) => void;
  /** Waits between restarts and between pulls. Default 10 s, doubled up to 5 min. */
  readonly backOff?: BackOffOptions;
  /** How often CPU and memory are measured, ms. Default 5,000; usage is then over the last 15 s. */
  readonly sampleEveryMs?: number;
  /** How often memory limits are checked, ms. Default 1,000. */
  readonly memoryCheckEveryMs?: number;
  /** A container's log starts anew beyond so many bytes; the part before is kept beside it. Default 64 MiB. */
  readonly logLimitBytes?: number;
  /** How many times its cores the node offers as allocatable CPU. Default 4. */
  readonly cpuOvercommit?: number;
  /** What `serviceAccountToken` volumes hold. */
  readonly serviceAccountToken?: string;
}
