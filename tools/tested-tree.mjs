// What a test result belongs to: a hash over the content of every file that git tracks or would track.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './node.mjs';

export const testMark = join(root, '.cache', 'tests-passed.json');

export function testedTree() {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  const hash = createHash('sha256');
  for (const file of files.split('\0').filter(Boolean).sort()) {
    const path = join(root, file);
    if (!existsSync(path) || !statSync(path).isFile()) continue;
    hash.update(file).update('\0').update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** Number of tests that passed on this very tree, or null. */
export function passedOnThisTree() {
  if (!existsSync(testMark)) return null;
  const mark = JSON.parse(readFileSync(testMark, 'utf8'));
  return mark.tree === testedTree() ? mark.passed : null;
}
