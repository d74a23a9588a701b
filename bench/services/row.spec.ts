import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** row.mjs is an ES module, which Jest's CommonJS does not load: a Node of its own runs the expression. */
function evaluate(expression: string): unknown {
  const script = `import * as row from ${JSON.stringify(join(__dirname, 'row.mjs'))};
    let result; try { result = ${expression}; } catch (error) { result = { refused: error.message }; }
    console.log(JSON.stringify(result));`;
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
  ) as unknown;
}

const row = (reach: string, rounds: string) =>
  evaluate(`row.measuredRow({ id: 'a', what: 'a', reach: ${reach}, unit: 'x', rounds: ${rounds}, how: '' })`);

test('a row holds by its median, and tells its extremes', () => {
  expect(row('{ atLeast: 2 }', '[1.9, 2.5, 2.1]')).toMatchObject({
    held: true,
    min: 1.9,
    median: 2.1,
    max: 2.5,
  });
  expect(row('{ atMost: 150 }', '[140, 900, 149]')).toMatchObject({ held: true, median: 149 });
});

test('a figure that is not reached is a miss in the row and in the table', () => {
  expect(row('{ atLeast: 2 }', '[1.9, 1.95, 2.1]')).toMatchObject({ held: false });
  expect(row('{ atMost: 150 }', '[151, 152, 10]')).toMatchObject({ held: false });
  const table = evaluate(
    "row.tableOf([row.measuredRow({ id: 'a', what: 'a', reach: { atLeast: 2 }, unit: 'x', rounds: [1], how: '' })])",
  );
  expect(table).toMatch(/^a +>= 2x +1 +1 \.\. 1 +MISSED$/m);
});

test('a round without a number is no figure', () => {
  expect(row('{ atLeast: 2 }', '[3, 0 / 0]')).toEqual({
    refused: 'a: not every round gave a number: 3, NaN',
  });
  expect(row('{ atLeast: 2 }', '[]')).toMatchObject({ refused: expect.stringContaining('not every round') });
});

test('a row that could not be measured says why, and neither holds nor misses', () => {
  const table = evaluate(
    "row.tableOf([row.skippedRow({ id: 'a', what: 'a', reach: { atLeast: 2 }, why: 'no wrk' })])",
  );
  expect(table).toMatch(/^a +>= 2 +skipped: no wrk$/m);
  expect(table).not.toMatch(/held|MISSED/);
});

test('ratios are paired by round', () => {
  expect(evaluate('row.pairedRatios([10, 30], [5, 10])')).toEqual([2, 3]);
  expect(evaluate('row.pairedRatios([10], [5, 10])')).toMatchObject({ refused: expect.any(String) });
});
