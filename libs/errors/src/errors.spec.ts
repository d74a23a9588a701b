import { AppError, causeChain, isAppError, reasonPhrase, toProblem } from './index';

describe('AppError', () => {
  it('takes status and exposure from its code', () => {
    expect(new AppError('NotFound', 'no such queue')).toMatchObject({
      status: 404,
      expose: true,
      name: 'AppError',
    });
    expect(new AppError('UpstreamFailed', 'no')).toMatchObject({ status: 502, expose: false });
  });

  it('keeps cause, context and fields', () => {
    const cause = new Error('below');
    const error = new AppError('BadRequest', 'no', {
      cause,
      context: { a: 1 },
      fields: [{ field: 'a', detail: 'b' }],
    });
    expect(error).toMatchObject({ cause, context: { a: 1 }, fields: [{ field: 'a', detail: 'b' }] });
    expect(isAppError(error)).toBe(true);
    expect(isAppError(cause)).toBe(false);
  });

  it('lets a library have codes of its own', () => {
    const error = new AppError<'QueueMissing'>('QueueMissing', 'no queue');
    const code: 'QueueMissing' = error.code;
    expect({ code, status: error.status }).toEqual({ code: 'QueueMissing', status: 500 });
  });
});

describe('toProblem', () => {
  it('shows an exposed error with instance, fields and request id', () => {
    const error = new AppError('BadRequest', 'bad env', { fields: [{ field: 'env', detail: 'given text' }] });
    expect(toProblem(error, { instance: '/a', requestId: 'r' })).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail: 'bad env',
      code: 'BadRequest',
      instance: '/a',
      errors: [{ field: 'env', detail: 'given text' }],
      requestId: 'r',
    });
    expect(toProblem(error, '/b').instance).toBe('/b');
  });

  it('hides words, fields and code of what is not exposed', () => {
    const error = new AppError('Internal', 'password is hunter2', {
      fields: [{ field: 'x', detail: 'hunter2' }],
    });
    const problem = toProblem(error);
    expect(problem).toMatchObject({ status: 500, code: 'Internal' });
    expect(JSON.stringify(problem)).not.toContain('hunter2');
    expect(problem).not.toHaveProperty('errors');
  });

  it.each([[new Error('hunter2')], ['hunter2'], [undefined], [{ status: 418, message: 'hunter2' }]])(
    'makes 500 of what is no AppError',
    (thrown) => {
      const problem = toProblem(thrown);
      expect(problem).toMatchObject({ status: 500, code: 'Internal', title: 'Internal Server Error' });
      expect(JSON.stringify(problem)).not.toContain('hunter2');
    },
  );

  it('keeps the status of a hidden error and shows words above 500 when told to', () => {
    expect(toProblem(new AppError('UpstreamFailed', 'it said no'))).toMatchObject({
      status: 502,
      code: 'UpstreamFailed',
      detail: expect.not.stringContaining('it said no'),
    });
    expect(toProblem(new AppError('UpstreamFailed', 'it said no', { expose: true })).detail).toBe(
      'it said no',
    );
  });
});

describe('causeChain', () => {
  it('names each cause once, on one line', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' });
    expect(causeChain(new TypeError('fetch failed', { cause: refused }))).toBe(
      'fetch failed: connect ECONNREFUSED 127.0.0.1:9',
    );
    expect(causeChain(new Error('a\nb', { cause: new Error('a\nb') }))).toBe('a b');
  });

  it('reads errors of several attempts and errors without words', () => {
    expect(
      causeChain(new Error('x', { cause: new AggregateError([new Error('one'), new Error('two')]) })),
    ).toBe('x: one, two');
    expect(causeChain(Object.assign(new Error(''), { code: 'ETIMEDOUT' }))).toBe('ETIMEDOUT');
    expect(causeChain('text')).toBe('text');
  });

  it('ends on a cause that causes itself', () => {
    const error: Error & { cause?: unknown } = new Error('loop');
    error.cause = error;
    expect(causeChain(error)).toBe('loop');
  });
});

describe('reasonPhrase', () => {
  it('knows common phrases and says something of the rest', () => {
    expect([404, 418, 599, 299].map(reasonPhrase)).toEqual([
      'Not Found',
      'Client Error',
      'Server Error',
      'Status 299',
    ]);
  });
});
