import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The folders and files of one pod below the lab's run folder. */
export class PodFolder {
  readonly path: string;
  private readonly logs: string;

  constructor(runDir: string, namespace: string, name: string, uid: string) {
    this.path = join(runDir, 'pods', uid);
    // The name that the kubelet gives it, so that log collectors find their way.
    this.logs = join(runDir, 'logs', `${namespace}_${name}_${uid}`);
  }

  /** A container's own folder: working directory, TMPDIR and HOME. Made when missing. */
  container(name: string): { readonly work: string; readonly temporary: string } {
    const work = join(this.path, 'containers', name, 'work');
    const temporary = join(this.path, 'containers', name, 'tmp');
    for (const folder of [work, temporary]) mkdirSync(folder, { recursive: true });
    return { work, temporary };
  }

  /** A working directory of the manifest that is no mount. */
  inside(container: string, path: string): string {
    const folder = join(this.path, 'containers', container, 'root', join('/', path));
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** The log of a container's n-th run; the first is 0. */
  logFile(container: string, run: number): string {
    return join(this.logs, container, `${run}.log`);
  }

  remove(): void {
    for (const folder of [this.path, this.logs]) rmSync(folder, { recursive: true, force: true });
  }
}
