import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A new empty folder, removed when this process exits (after the test file, under Jest). */
export function tempDir(prefix = 'scalelab-test-'): string {
  const path = mkdtempSync(join(tmpdir(), prefix));
  if (made.length === 0 && typeof afterAll !== 'function') process.once('exit', removeTempDirs);
  made.push(path);
  return path;
}

/** Removes every folder that `tempDir` made in this process. */
export function removeTempDirs(): void {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
}

// Under Jest a test file's module registry ends with the file, so its folders do too.
if (typeof afterAll === 'function') afterAll(removeTempDirs);
