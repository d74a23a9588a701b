import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

describe('images and docker-compose, for real', () => {
  it('build, run, lose nothing and leave nothing', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'real.mjs')], {
      encoding: 'utf8',
      maxBuffer: 256 << 20,
    });
    console.log(stdout);
    if (/^skipped: images/m.test(stdout)) return;
    expect({ status, problems: status === 0 ? '' : stderr }).toEqual({ status: 0, problems: '' });
    expect(stdout).toMatch(/^[1-9]\d* passed, 0 failed$/m);
  }, 1_800_000);
});
