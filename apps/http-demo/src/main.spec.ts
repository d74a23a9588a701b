import { createServer } from 'node:net';
import { join } from 'node:path';
import { startProgram, type Program } from '@scalelab/service/testing';
import { waitFor } from '@scalelab/testing';

const running: Program[] = [];

function start(env: Record<string, string>): Program {
  const program = startProgram(join(__dirname, 'main.ts'), env);
  running.push(program);
  return program;
}

afterEach(async () => {
  for (const program of running.splice(0)) {
    program.signal('SIGKILL');
    await program.exited();
  }
});

it('serves the greeting of its environment and drains a slow request on SIGTERM', async () => {
  const program = start({ PORT: '0', GREETING: 'hi there' });
  const url = await program.listening();
  expect(await (await fetch(url)).text()).toBe('hi there');
  const slow = fetch(`${url}/?delay=300&status=201`);
  await waitFor(async () => (await (await fetch(`${url}/metrics`)).text()).includes('http_demo_in_flight 1'));
  program.signal('SIGTERM');
  expect((await slow).status).toBe(201);
  expect(await program.exited()).toEqual({ code: 0, signal: null });
});

it('logs its settings at start', async () => {
  const program = start({ PORT: '0' });
  await program.listening();
  expect(program.logged('starting')[0]).toMatchObject({
    service: 'http-demo',
    settings: { GREETING: 'Hello, Kubernetes with KEDA!', HOST: '127.0.0.1' },
  });
});

it('exits with 2 and names every wrong variable', async () => {
  const program = start({ PORT: 'x', START_DELAY_MS: 'soon' });
  expect((await program.exited()).code).toBe(2);
  expect(program.stderr()).toMatch(
    /^http-demo: 2 settings are wrong:\n {2}PORT: .*\n {2}START_DELAY_MS: .*\n$/,
  );
});

it('exits with 1 and one line when its port is in use', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const program = start({ PORT: String(port) });
  expect((await program.exited()).code).toBe(1);
  await new Promise((resolve) => other.close(resolve));
  expect(program.stderr().trimEnd().split('\n')).toEqual([
    expect.stringContaining(`port ${port} on 127.0.0.1 is in use`),
  ]);
});
