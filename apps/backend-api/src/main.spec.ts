import { join } from 'node:path';
import { startProgram, type Program } from '@scalelab/service/testing';
import { tempDir } from '@scalelab/testing';

const running: Program[] = [];

function start(env: Record<string, string>): Program {
  const program = startProgram(join(__dirname, 'main.ts'), { PORT: '0', LOG_DIR: tempDir(), ...env });
  running.push(program);
  return program;
}

afterEach(async () => {
  for (const program of running.splice(0)) {
    program.signal('SIGKILL');
    await program.exited();
  }
});

it('serves, hides its keys in the log and exits with 0 on SIGTERM', async () => {
  const program = start({ EXTERNAL_INTEGRATION_KEY_STAGING: 'hunter2', PROCESSING_MS: '1' });
  const url = await program.listening();
  expect((await fetch(url)).status).toBe(200);
  const refused = await fetch(`${url}/download_external_logs?env=staging`);
  expect(refused.status).toBe(502);
  program.signal('SIGTERM');
  expect((await program.exited()).code).toBe(0);
  expect(program.logged('starting')[0]).toMatchObject({
    settings: { EXTERNAL_INTEGRATION_KEY_STAGING: '***', EXTERNAL_INTEGRATION_KEY_PRODUCTION: 'unset' },
  });
  expect(program.stdout()).not.toContain('hunter2');
});

it('exits with 2 and names every wrong variable', async () => {
  const program = start({ EXTERNAL_API_URL: 'nowhere', EXTERNAL_TIMEOUT_MS: '0', PORT: 'x' });
  expect((await program.exited()).code).toBe(2);
  expect(program.stderr()).toMatch(
    /^backend-api: 3 settings are wrong:\n {2}PORT: .*\n {2}EXTERNAL_API_URL: .*\n {2}EXTERNAL_TIMEOUT_MS: .*\n$/,
  );
});
