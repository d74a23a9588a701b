import { createLogger, flushLogger } from './logger';
import { rawLines } from './raw-lines';

function capture() {
  const written: string[] = [];
  return {
    destination: { write: (line: string) => void written.push(line) },
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    raw: () => written,
  };
}

describe('createLogger', () => {
  it('writes one JSON line with level, time, service and msg', () => {
    const { destination, lines, raw } = capture();
    createLogger({ name: 'a-service', destination }).info({ n: 1 }, 'hello');
    expect(raw()[0]?.endsWith('\n')).toBe(true);
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        service: 'a-service',
        n: 1,
        msg: 'hello',
      },
    ]);
  });

  it('is JSON in every NODE_ENV', () => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'development';
    try {
      const { destination, lines } = capture();
      createLogger({ name: 'a', destination }).info('x');
      expect(lines()).toHaveLength(1);
    } finally {
      process.env.NODE_ENV = before;
    }
  });

  it('keeps to its level', () => {
    const { destination, lines } = capture();
    const logger = createLogger({ name: 'a', level: 'warn', destination });
    logger.info('no');
    logger.warn('yes');
    expect(lines().map(({ msg }) => msg)).toEqual(['yes']);
  });

  it.each([
    [{ password: 'hunter2' }],
    [{ user: { password: 'hunter2', name: 'u' } }],
    [{ headers: { authorization: 'hunter2', cookie: 'hunter2', 'x-api-key': 'hunter2' } }],
    [{ req: { headers: { authorization: 'hunter2', 'set-cookie': 'hunter2' } } }],
    [{ aws: { secretAccessKey: 'hunter2' } }],
    [{ pin: 'hunter2' }],
  ])('hides %j', (object) => {
    const { destination, raw } = capture();
    createLogger({ name: 'a', destination, redact: ['pin'] }).info(object, 'x');
    expect(raw().join()).not.toContain('hunter2');
    expect(raw().join()).toContain('***');
  });

  it('writes errors with stack and cause', () => {
    const { destination, lines } = capture();
    createLogger({ name: 'a', destination }).error(
      { err: new Error('outer', { cause: new Error('inner') }) },
      'x',
    );
    expect(lines()[0]).toMatchObject({ err: { type: 'Error', stack: expect.stringContaining('inner') } });
  });
});

describe('rawLines', () => {
  it('writes a line like any other, bindings of children too', () => {
    const { destination, lines } = capture();
    const logger = createLogger({ name: 'a', destination }).child({ part: 'p' });
    rawLines(logger)?.(',"status":200', 'request');
    logger.info({ status: 200 }, 'request');
    const [short, full] = lines().map(({ time: _time, ...rest }) => rest);
    expect(short).toEqual(full);
    expect(Object.keys(lines()[0] ?? {})).toEqual(Object.keys(lines()[1] ?? {}));
  });

  it('is not there when info lines are hidden', () => {
    expect(
      rawLines(createLogger({ name: 'a', level: 'warn', destination: capture().destination })),
    ).toBeUndefined();
  });
});

describe('flushLogger', () => {
  it('waits for the destination', async () => {
    let flushed = false;
    const destination = {
      write: () => undefined,
      flush: (done?: () => void) => {
        setImmediate(() => {
          flushed = true;
          done?.();
        });
      },
    };
    await flushLogger(createLogger({ name: 'a', destination }));
    expect(flushed).toBe(true);
  });
});
