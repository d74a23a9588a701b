import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KedaCase, kedaFamilies } from './case';
import { firstDifference, ownText, sameError } from './compare';
import { replayKedaCase } from './replay';

describe('the first difference', () => {
  it.each([
    [1, 1, undefined],
    [{ a: undefined }, {}, undefined],
    [{ a: 1 }, { a: 2 }, { at: 'x.a', expected: 1, got: 2 }],
    [{ a: 1 }, {}, { at: 'x.a', expected: 1, got: undefined }],
    [{}, { a: 1 }, { at: 'x.a', expected: undefined, got: 1 }],
    [[1, 2], [1, 3], { at: 'x[1]', expected: 2, got: 3 }],
    [[1], [1, 3], { at: 'x[1]', expected: undefined, got: 3 }],
    [null, {}, { at: 'x', expected: null, got: {} }],
  ])('of %j and %j', (expected, got, difference) => {
    expect(firstDifference('x', expected, got)).toEqual(difference);
  });
});

describe('error texts', () => {
  it.each([
    ['no username given', 'no username given', true],
    ['no username given', 'no user given', false],
    ['error parsing x: strconv.ParseInt: parsing "a": invalid syntax', 'error parsing x: other words', true],
    ['error parsing x: strconv.ParseInt: parsing "a": invalid syntax', 'error parsing y: other words', false],
    ['json: cannot unmarshal', 'anything', true],
    [undefined, 'anything', false],
    ['anything', undefined, false],
    [undefined, undefined, true],
  ])('%j and %j agree: %p', (expected, got, agree) => {
    expect(sameError(expected, got)).toBe(agree);
  });

  it('keep all words that are KEDA’s own', () => {
    expect(ownText('metric X not found in SQS queue attributes')).toBe(
      'metric X not found in SQS queue attributes',
    );
  });
});

describe('a replay that cannot fail is worth nothing', () => {
  const folder = join(__dirname, '../../../conformance/keda');

  /** Changes the first number, truth or decimal text an implementation has to give. */
  function falsify(value: unknown): unknown {
    if (typeof value === 'number') return value + 1;
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'string') return `${value}0`;
    return 'something else';
  }
  const answers = [
    'replicasAfter',
    'resultMilli',
    'valueMilli',
    'answerMilli',
    'valid',
    'rejected',
    'error',
    'allowed',
    'jobsCreated',
    'accepted',
    'panics',
  ];

  it.each(kedaFamilies)('%s turns red when an answer is another one', (family) => {
    const cases = JSON.parse(readFileSync(join(folder, `${family}.json`), 'utf8')) as KedaCase[];
    let falsified = 0;
    for (const recorded of cases.slice(0, 20)) {
      const copy = JSON.parse(JSON.stringify(recorded)) as {
        ticks?: Record<string, unknown>[];
        expect?: Record<string, unknown>;
      };
      const answer = copy.expect ?? copy.ticks?.at(-1) ?? {};
      const key = answers.find(
        (name) =>
          typeof answer[name] === 'number' ||
          typeof answer[name] === 'boolean' ||
          /^-?\d+$/.test(String(answer[name])),
      );
      if (key === undefined || key === 'accepted') continue;
      answer[key] = falsify(answer[key]);
      falsified++;
      expect(replayKedaCase(family, copy as unknown as KedaCase)).toMatchObject({ passed: false });
    }
    if (family !== 'parse') expect(falsified).toBeGreaterThan(0);
  });
});
