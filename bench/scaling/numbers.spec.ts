import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

test('docs/numbers.md says what bench/results/scaling.json says', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(__dirname, 'numbers.mjs'), '--check'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
