import { isNotFound, resources, type KubeClient } from '@scalelab/kube';
import type { Pod, PodStatus } from '@scalelab/manifests';

/** Writes one pod's status: one write at a time, the newest content, nothing when it did not change. */
export class StatusWriter {
  private running: Promise<void> | undefined;
  private dirty = false;
  private written = '';
  private writtenKeys: readonly string[] = [];

  constructor(
    private readonly client: KubeClient,
    private readonly pod: () => Pod,
    private readonly compute: () => PodStatus,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Something changed; resolves when the status that holds now is written. */
  touch(): Promise<void> {
    this.dirty = true;
    this.running ??= this.run();
    return this.running;
  }

  private async run(): Promise<void> {
    // Changes of the same turn become one write.
    await Promise.resolve();
    while (this.dirty) {
      this.dirty = false;
      await this.write();
    }
    this.running = undefined;
  }

  private async write(): Promise<void> {
    const status = this.compute();
    const text = JSON.stringify(status);
    if (text === this.written) return;
    const { name, namespace, uid } = this.pod().metadata;
    const gone = this.writtenKeys.filter((key) => !(key in status));
    const patch = {
      metadata: { uid },
      status: { ...status, ...Object.fromEntries(gone.map((key) => [key, null])) },
    };
    try {
      await this.client.patch(resources.Pod, namespace, name, patch, {
        type: 'merge',
        subresource: 'status',
      });
      this.written = text;
      this.writtenKeys = Object.keys(status);
    } catch (error) {
      if (!isNotFound(error)) this.onError(error);
    }
  }
}
