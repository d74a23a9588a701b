export type { BackOffOptions } from './back-off';
export { ImageMap, type ImageCommand, type ImageMapOptions } from './image-map';
export { Kubelet, NotOnNodeError } from './kubelet';
export type { KubeletLogger, KubeletOptions } from './kubelet-options';
export type { LogOptions } from './log-reader';
export type { ContainerUsage, PodUsage } from './usage-sampler';
