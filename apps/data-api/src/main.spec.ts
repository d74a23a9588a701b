import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram, type Program } from '@scalelab/service/testing';
import { tempDir, waitFor } from '@scalelab/testing';

const running: Program[] = [];

function start(env: Record<string, string>): Program {
  const program = startProgram(join(__dirname, 'main.ts'), { PORT: '0', ...env });
  running.push(program);
  return program;
}

afterEach(async () => {
  for (const program of running.splice(0)) {
    program.signal('SIGKILL');
    await program.exited();
  }
});

it('makes its folder, and finishes the message in flight on SIGTERM', async () => {
  const dir = join(tempDir(), 'a/logs');
  const program = start({ LOG_DIR: dir, PROCESSING_MS: '300' });
  const url = await program.listening();
  expect(readdirSync(dir)).toEqual([]);
  const answer = fetch(url).then((response) => response.text());
  await waitFor(async () => (await (await fetch(`${url}/metrics`)).text()).includes('data_api_in_flight 1'));
  program.signal('SIGTERM');
  expect(await answer).toMatch(/^(INFO|DEBUG|WARN) /);
  expect((await program.exited()).code).toBe(0);
  expect(readdirSync(dir)).toHaveLength(1);
});

it('says in one line that its folder cannot be made and exits with 1', async () => {
  const file = join(tempDir(), 'file');
  writeFileSync(file, '');
  const program = start({ LOG_DIR: join(file, 'logs') });
  expect((await program.exited()).code).toBe(1);
  expect(program.stderr().trimEnd().split('\n')).toEqual([
    expect.stringMatching(
      /^data-api: the folder .*\/logs cannot be made \(ENOTDIR.*; set LOG_DIR to a folder/,
    ),
  ]);
});

it('exits with 2 and names every wrong variable', async () => {
  const program = start({ PROCESSING_MS: 'long', HOST: '?' });
  expect((await program.exited()).code).toBe(2);
  expect(program.stderr()).toMatch(
    /^data-api: 2 settings are wrong:\n {2}HOST: .*\n {2}PROCESSING_MS: .*\n$/,
  );
});
