import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Ids of this user's processes that were started with `name=value` in their environment. */
export function markedProcesses(name: string, value: string): number[] {
  const mark = `${name}=${value}`;
  return process.platform === 'linux' ? fromProc(mark) : fromPs(mark);
}

function fromProc(mark: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 1 && environmentOf(pid).split('\0').includes(mark));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    // Another user's process, or gone.
    return '';
  }
}

function fromPs(mark: string): number[] {
  try {
    const text = execFileSync('ps', ['-x', '-E', '-ww', '-o', 'pid=,command='], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    return text
      .split('\n')
      .filter((line) => ` ${line} `.includes(` ${mark} `))
      .map((line) => Number.parseInt(line, 10))
      .filter((pid) => pid > 1);
  } catch {
    return [];
  }
}
