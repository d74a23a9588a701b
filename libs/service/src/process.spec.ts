import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { waitFor } from '@scalelab/testing';
import { startProgram, type Program } from './testing';

const entry = join(__dirname, 'testing/programs/demo-program.ts');
const good = { PORT: '0', KEY: 'hunter2' };
const running: Program[] = [];

function start(env: Record<string, string>): Program {
  const program = startProgram(entry, env);
  running.push(program);
  return program;
}

afterEach(async () => {
  for (const program of running.splice(0)) {
    program.signal('SIGKILL');
    await program.exited();
  }
});

describe('a program', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'answers what is in flight on %s, then exits with 0',
    async (signal) => {
      const program = start({ ...good, WAIT_MS: '300' });
      const url = await program.listening();
      const answer = fetch(url).then((response) => response.text());
      await waitFor(() => program.logged('request began').length === 1);
      program.signal(signal);
      expect(await answer).toBe('done');
      expect(await program.exited()).toEqual({ code: 0, signal: null });
      expect(program.logged('request')).toHaveLength(1);
      expect(program.logged('stopped')[0]).toMatchObject({ clean: true });
    },
  );

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('exits at once on a second signal, %s with %d', async (second, code) => {
    const program = start({ ...good, BREAK: 'hang' });
    await program.listening();
    program.signal('SIGTERM');
    await waitFor(() => program.logged('shutdown phase finished').length === 1);
    program.signal(second);
    expect(await program.exited(2000)).toEqual({ code, signal: null });
    expect(program.stdout()).toContain('second signal');
  });

  it('exits with 1 when a phase fails', async () => {
    const program = start({ ...good, BREAK: 'phase' });
    await program.listening();
    program.signal('SIGTERM');
    expect((await program.exited()).code).toBe(1);
    expect(program.logged('shutdown phase failed')).toHaveLength(1);
  });

  it('exits with 1 when the grace is over', async () => {
    const program = start({ ...good, BREAK: 'hang', SHUTDOWN_GRACE_MS: '200' });
    await program.listening();
    program.signal('SIGTERM');
    expect((await program.exited(3000)).code).toBe(1);
  });

  it('exits with 0 on a signal during its start delay', async () => {
    const program = start({ ...good, START_DELAY_MS: '600000' });
    await waitFor(() => program.logged('starting').length === 1);
    program.signal('SIGTERM');
    expect((await program.exited(3000)).code).toBe(0);
  });

  it('names every wrong variable in one message and exits with 2, its secrets unsaid', async () => {
    const program = start({ PORT: '99999', WAIT_MS: 'hunter2', HOST: 'a b', LOG_LEVEL: 'loud' });
    expect((await program.exited()).code).toBe(2);
    expect(program.stdout()).toBe('');
    expect(program.stderr().trimEnd().split('\n')).toEqual([
      'demo: 5 settings are wrong:',
      '  PORT: given an integer, allowed: an integer from 0 to 65535',
      '  HOST: given text, allowed: an IP address or a host name',
      '  LOG_LEVEL: given text, allowed: one of trace, debug, info, warn, error, fatal',
      '  KEY: given nothing, allowed: a secret of 1 or more characters',
      '  WAIT_MS: given text, allowed: an integer 0 or more',
    ]);
  });

  it('says in one line that its port is in use and exits with 1', async () => {
    const other: Server = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const program = start({ ...good, PORT: String(port) });
    expect((await program.exited()).code).toBe(1);
    await new Promise((resolve) => other.close(resolve));
    expect(program.stderr()).toBe(
      `demo: port ${port} on 127.0.0.1 is in use by another process; set PORT to a free one\n`,
    );
  });

  it('shows the stack of an unknown error at start and exits with 1', async () => {
    const program = start({ ...good, BREAK: 'start' });
    expect((await program.exited()).code).toBe(1);
    expect(program.stderr()).toMatch(
      /^demo: could not start: broken at start\nTypeError: broken at start\n\s+at /,
    );
  });

  it.each(['later', 'rejection'])(
    'logs an error that nobody caught (%s), drains and exits with 1',
    async (kind) => {
      const program = start({ ...good, BREAK: kind });
      const url = await program.listening();
      expect(await (await fetch(`${url}/break`)).text()).toBe('soon');
      expect((await program.exited()).code).toBe(1);
      expect(program.logged('uncaught error')[0]).toMatchObject({
        level: 'fatal',
        err: { message: 'nobody caught this' },
      });
      expect(program.logged('stopped')).toHaveLength(1);
    },
  );

  it('logs its settings at start with secrets hidden', async () => {
    const program = start(good);
    await program.listening();
    expect(program.logged('starting')[0]).toMatchObject({ settings: { KEY: '***', HOST: '127.0.0.1' } });
    expect(program.stdout()).not.toContain('hunter2');
  });
});
