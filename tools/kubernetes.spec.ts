import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const tools = __dirname;

interface Step {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
}

const steps = JSON.parse(
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { steps } from ${JSON.stringify(join(tools, 'kubernetes.mjs'))}; console.log(JSON.stringify(steps()));`,
    ],
    { encoding: 'utf8' },
  ),
) as readonly Step[];

describe('npm run verify:kubernetes', () => {
  const verify = steps.filter(({ name }) => name.startsWith('verify-'));

  it('runs what `npm run check` runs as well, and begins with the charts', () => {
    const check = readFileSync(join(tools, 'check.mjs'), 'utf8');
    expect(check).toContain('/^verify-.*\\.mjs$/');
    const checked = readdirSync(tools).filter((file) => /^verify-.*\.mjs$/.test(file));
    expect(verify[0]?.name).toBe('verify-charts');
    for (const { name } of verify) expect(checked).toContain(`${name}.mjs`);
  });

  it('runs the tests of every part that it verifies', () => {
    const tested = steps.find(({ name }) => name === 'unit tests')?.args ?? [];
    for (const { name } of verify) {
      const folder = name.replace('verify-', '');
      if (existsSync(join(tools, folder))) expect(tested).toContain(`tools/${folder}/`);
    }
    expect(tested).toContain('tools/charts/');
  });
});
