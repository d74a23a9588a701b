import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Processes that a lab with this run folder has started, by the mark in their environment; the lab itself carries none. */
export function processesOf(runDir: string): number[] {
  const mark = `SCALELAB_RUN_DIR=${runDir}`;
  if (process.platform !== 'linux') {
    const table = execFileSync('ps', ['-A', '-E', '-ww', '-o', 'pid=,command='], { encoding: 'utf8' });
    return table
      .split('\n')
      .filter((line) => line.includes(mark))
      .map((line) => Number.parseInt(line, 10));
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environment(name).includes(mark))
    .map(Number);
}

function environment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    // Gone since the folder was read.
    return [];
  }
}
