import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');

test('every release of the charts goes into a lab and out again, and its test pods pass', () => {
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'tools/e2e.mjs'), '--lab'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  for (const line of stdout.split('\n')) if (line.startsWith('skipped: ')) process.stdout.write(`${line}\n`);
  expect(stdout).toMatch(/^[1-9]\d+ passed, 0 failed, \d+ skipped$/m);
  expect(status).toBe(0);
}, 600_000);
