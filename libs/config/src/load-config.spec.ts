import { describeConfig } from './describe-config';
import { ConfigError } from './config-error';
import { loadConfig } from './load-config';
import { Secret } from './secret';
import { inspect } from 'node:util';
import { bool, decimal, int, list, ms, oneOf, optional, port, secret, settings, text, url } from './index';

function errorOf(run: () => unknown): ConfigError {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('loadConfig', () => {
  const schema = settings({
    PORT: port({ default: 8080 }),
    DELAY_MS: ms({ default: 3000, max: 60_000 }),
    WORKERS: int({ min: 1, max: 4 }),
    RATE: decimal({ default: 0.5, max: 1 }),
    FAST: bool({ default: false }),
    LEVEL: oneOf(['debug', 'info'], { default: 'info' }),
    API: url(),
    BROKERS: list({ item: /^[\w.-]+:\d+$/, allowed: 'host:port pairs with commas' }),
    KEY: secret({ minLength: 8 }),
    NOTE: optional(text()),
  });
  const good = { WORKERS: '2', API: 'http://a.example/x', BROKERS: 'a:1, b:2,', KEY: 'hush-hush' };

  it('reads text into types and fills defaults', () => {
    const config = loadConfig(schema, { ...good, FAST: '1', RATE: '.25', UNKNOWN: 'ignored' });
    const port: number = config.PORT;
    expect(port).toBe(8080);
    expect(config).toMatchObject({ DELAY_MS: 3000, WORKERS: 2, RATE: 0.25, FAST: true, LEVEL: 'info' });
    expect(config.BROKERS).toEqual(['a:1', 'b:2']);
    expect(config.KEY.reveal()).toBe('hush-hush');
    expect(config).toHaveProperty('NOTE', undefined);
    expect(config).not.toHaveProperty('UNKNOWN');
  });

  it('is frozen, lists too', () => {
    const config = loadConfig(schema, good);
    expect(() => Object.assign(config, { PORT: 1 })).toThrow(TypeError);
    expect(() => (config.BROKERS as string[]).push('c:3')).toThrow(TypeError);
  });

  it('names every wrong variable at once, its kind and what is allowed', () => {
    const error = errorOf(() =>
      loadConfig(schema, {
        PORT: '70000',
        DELAY_MS: '-1',
        WORKERS: 'two',
        RATE: '2.5',
        FAST: 'maybe',
        LEVEL: 'loud',
        API: 'ftp://x',
        BROKERS: 'nocolon',
        KEY: 'short',
      }),
    );
    expect(error.code).toBe('BadConfig');
    expect(error.message.split('\n')).toEqual([
      '9 settings are wrong:',
      '  PORT: given an integer, allowed: an integer from 0 to 65535',
      '  DELAY_MS: given a negative integer, allowed: an integer of milliseconds from 0 to 60000',
      '  WORKERS: given text, allowed: an integer from 1 to 4',
      '  RATE: given a fraction, allowed: a number from 0 to 1',
      '  FAST: given text, allowed: true, false, 1 or 0',
      '  LEVEL: given text, allowed: one of debug, info',
      '  API: given a URL, allowed: an absolute URL that begins with http:// or https://',
      '  BROKERS: given text, allowed: host:port pairs with commas',
      '  KEY: given text, allowed: a secret of 8 or more characters',
    ]);
    expect(error.fields.map(({ field }) => field)).toHaveLength(9);
  });

  it('never repeats a given value', () => {
    const error = errorOf(() =>
      loadConfig(schema, { ...good, KEY: 'hunter2', API: 'postgres://u:hunter2@h' }),
    );
    expect(error.message).not.toContain('hunter2');
  });

  it('tells a missing variable from a wrong one, and counts empty text as missing', () => {
    const error = errorOf(() => loadConfig(schema, { ...good, WORKERS: '', API: undefined }));
    expect(error.message).toContain('WORKERS: given nothing, allowed: an integer from 1 to 4');
    expect(error.message).toContain('API: given nothing');
    expect(loadConfig(schema, { ...good, PORT: '' }).PORT).toBe(8080);
  });

  it.each([
    ['1e3', 'WORKERS'],
    ['0x2', 'WORKERS'],
    ['2.0', 'WORKERS'],
    ['   ', 'WORKERS'],
    ['http://', 'API'],
    ['not a url', 'API'],
    [',,', 'BROKERS'],
  ])('refuses %j as %s', (value, key) => {
    expect(errorOf(() => loadConfig(schema, { ...good, [key]: value })).fields.map((f) => f.field)).toEqual([
      key,
    ]);
  });
});

describe('Secret', () => {
  it('prints stars however it is shown', () => {
    const value = new Secret('hunter2');
    const shown = [
      `${value}`,
      String(value),
      JSON.stringify({ value }),
      inspect({ value }),
      Object.values(value).join(),
    ];
    expect(shown.join(' ')).not.toContain('hunter2');
    expect(JSON.stringify(value)).toBe('"***"');
  });
});

describe('describeConfig', () => {
  it('hides secrets and passwords in URLs and says what is unset', () => {
    expect(
      describeConfig({
        A: new Secret('x'),
        B: 'http://u:p@h/x',
        C: ['redis://:p@h'],
        D: undefined,
        E: 5,
        F: 'a@b',
      }),
    ).toEqual({ A: '***', B: 'http://***@h/x', C: ['redis://***@h'], D: 'unset', E: 5, F: 'a@b' });
  });
});
