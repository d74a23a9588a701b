import { rmSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { ReaperMessage } from './message';
import { markedProcesses } from './marked-processes';

/** What a dead lab leaves behind, and how it is cleared. */
export class Estate {
  private readonly groups = new Set<number>();
  private readonly paths = new Set<string>();
  private mark: { readonly name: string; readonly value: string } | undefined;

  take(message: ReaperMessage): void {
    // 0 and 1 would mean everybody.
    if ('group' in message && message.group > 1) this.groups.add(message.group);
    if ('gone' in message) this.groups.delete(message.gone);
    if ('path' in message && isAbsolute(message.path) && message.path.length > 1)
      this.paths.add(message.path);
    if ('mark' in message) this.mark = message.mark;
  }

  /** Ends every process and removes every path. */
  clear(): void {
    for (const group of this.groups) kill(-group);
    // Children that left their group, and pods started in the lab's last moment. Those die hard that fork while they are hunted.
    for (let round = 0; round < 5 && this.mark; round++) {
      const left = markedProcesses(this.mark.name, this.mark.value).filter((pid) => pid !== process.pid);
      if (left.length === 0) break;
      for (const pid of left) kill(pid);
    }
    for (const path of this.paths) removeAll(path);
  }
}

function kill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

function removeAll(path: string): void {
  try {
    // Dying processes may still write for a moment.
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch {
    // Nobody is left to tell.
  }
}
