import { BackOff, type BackOffOptions } from './back-off';

/** What a pull that fails has to do with its container. */
export interface ImagePullHandlers {
  now(): number;
  /** Ends early when the container is stopped. */
  pause(ms: number): Promise<void>;
  /** The container's state is waiting, for this reason. */
  waits(reason: string, message: string): void;
  warn(reason: string, message: string): void;
  tell(reason: string, message: string): void;
}

/** How long ErrImagePull is shown before the back-off, ms: as long as a registry might take to say no. */
const shownMs = 1_000;

/** The states and events of a container whose image cannot be had, in Kubernetes' order. */
export class ImagePull {
  private readonly backOff: BackOff;
  private readonly firstWaitMs: number;

  constructor(
    options: BackOffOptions | undefined,
    private readonly container: ImagePullHandlers,
  ) {
    this.backOff = new BackOff(options);
    this.firstWaitMs = options?.initialMs ?? 10_000;
  }

  /** Tells of a pull that failed; resolves when it is time for the next one. */
  async failed(image: string): Promise<void> {
    const { container } = this;
    const why = `image "${image}" is not known here: it is no service of the project that is built, and no --image NAME=COMMAND names it`;
    container.waits('ErrImagePull', why);
    container.warn('Failed', `Failed to pull image "${image}": ${why}`);
    container.warn('Failed', 'Error: ErrImagePull');
    await container.pause(Math.min(shownMs, this.firstWaitMs));
    container.waits('ImagePullBackOff', `Back-off pulling image "${image}": ErrImagePull: ${why}`);
    container.tell('BackOff', `Back-off pulling image "${image}"`);
    container.warn('Failed', 'Error: ImagePullBackOff');
    await container.pause(this.backOff.next(container.now()) || this.firstWaitMs);
  }
}
