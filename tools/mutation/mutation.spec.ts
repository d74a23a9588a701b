import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate } from '../images/testing/evaluate';

const mutant = (status: string, line = 1) => ({
  status,
  mutatorName: 'EqualityOperator',
  replacement: 'a >= b',
  location: { start: { line, column: 1 }, end: { line, column: 6 } },
});
const files = (...statuses: string[]) => ({
  'libs/scaling/src/x.ts': { source: 'a > b\n', mutants: statuses.map((status) => mutant(status)) },
});
const results = (expression: string, input: unknown) => evaluate('mutation/results.mjs', expression, input);

describe('the score', () => {
  it('counts what timed out as killed, and what no test reaches as alive', () => {
    const input = {
      files: files('Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored', 'RuntimeError'),
    };
    expect(results('m.scoreOf(input)', input)).toEqual({
      killed: 3,
      valid: 5,
      mutantsInAll: 6,
      percent: 60,
      timeouts: 1,
      uncovered: 1,
      errors: 1,
      ignored: 1,
    });
  });

  it('of all folders weighs each by its mutants, with the margin of a sample', () => {
    const folder = (killed: number, valid: number, mutantsInAll: number) => ({
      killed,
      valid,
      mutantsInAll,
      timeouts: 0,
      uncovered: 0,
    });
    expect(results('m.totalOf(input)', [folder(90, 100, 100), folder(50, 100, 300)])).toMatchObject({
      killed: 140,
      valid: 200,
      mutantsInAll: 400,
      percent: 60,
      // 1.96 x 0.75 x sqrt(0.25 / 100 x 200 / 299), in percent.
      margin: expect.closeTo(6.011, 2) as number,
    });
    expect(results('m.totalOf(input).margin', [folder(90, 100, 100)])).toBe(0);
  });

  it('names what is alive by its place and change', () => {
    expect(results('m.survivorsOf(input)', { files: files('Killed', 'Survived', 'NoCoverage') })).toBe(
      'libs/scaling/src/x.ts:1:1 EqualityOperator: a > b -> a >= b\n' +
        'libs/scaling/src/x.ts:1:1 EqualityOperator (no test): a > b -> a >= b\n',
    );
  });
});

describe('a sample', () => {
  const chosen = (share: number, seed: string) =>
    evaluate(
      'mutation/sample.mjs',
      `Array.from({ length: 2000 }, (_, i) => {
        const location = { start: { line: i, column: 1 }, end: { line: i, column: 2 } };
        return m.inSample({ fileName: 'x.ts', location, mutatorName: 'm', replacement: '' }, input);
      })`,
      { share, seed },
    ) as boolean[];
  const size = (flags: boolean[]) => flags.filter(Boolean).length;

  it('is as large as asked for, the same each time, and another one for another seed', () => {
    const first = chosen(0.2, '1');
    expect(size(first)).toBeGreaterThan(340);
    expect(size(first)).toBeLessThan(460);
    expect(chosen(0.2, '1')).toEqual(first);
    const other = chosen(0.2, '2');
    expect(size(other.map((flag, i) => flag && first[i] === true))).toBeLessThan(140);
  });
});

describe('the report', () => {
  const text = 'before\n<!-- mutation: begin -->\nold\n<!-- mutation: end -->\nafter\n';

  it('replaces what stands between its marks', () => {
    expect(evaluate('mutation/report.mjs', 'm.withReport(input, ["| a |"])', text)).toBe(
      'before\n<!-- mutation: begin -->\n\n| a |\n\n<!-- mutation: end -->\nafter\n',
    );
    expect(() => evaluate('mutation/report.mjs', 'm.withReport("no marks", [])')).toThrow('has no');
  });

  it('says of each folder how much was tried, and what of all', () => {
    const kept = (folder: string, sample?: object) => ({
      folder,
      sample,
      seconds: 30,
      measuredOn: '2026-01-02',
      files: files('Killed', 'Survived'),
    });
    const lines = evaluate('mutation/report.mjs', 'm.reportOf(input)', [kept('b'), kept('a')]) as string[];
    expect(lines[0]).toContain('Every mutant was tried.');
    expect(lines.slice(-3)).toEqual([
      '| a | 2 | 2 | 1 | 0 | 0 | 50.0 % | 30 s |',
      '| b | 2 | 2 | 1 | 0 | 0 | 50.0 % | 30 s |',
      '| **all** | 4 | 4 | 2 | 0 | 0 | **50.0 %** | 60 s |',
    ]);
    const [sampled] = evaluate('mutation/report.mjs', 'm.reportOf(input)', [
      kept('a', { share: 0.999, seed: '7' }),
    ]) as string[];
    expect(sampled).toContain('a 99.9 % (seed 7)');
  });
});

describe('the runner', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scalelab-mutation-'));
    mkdirSync(join(folder, 'lib/src'), { recursive: true });
    // As Stryker leaves a module: mutant 1 in a function, 2 in a loop, 3 in a constant, 4 where no test looks.
    writeFileSync(
      join(folder, 'lib/src/module.ts'),
      `const ns = globalThis.__stryker__ ??= {};
       const act = (id: string) => ns.activeMutant === id && (ns.hitCount === undefined || !(++ns.hitCount > ns.hitLimit) || (() => { throw new Error('limit'); })());
       const cov = (id: string) => { const all = ns.mutantCoverage ??= { static: {}, perTest: {} };
         const c = ns.currentTestId ? all.perTest[ns.currentTestId] ??= {} : all.static; c[id] = (c[id] ?? 0) + 1; };
       const limit: number = act('3') ? 0 : (cov('3'), 10);
       export const add = (a: number, b: number) => act('1') ? a - b : (cov('1'), a + b);
       export function count(to: number): number { let n = 0;
         for (let i = 0; act('2') ? true : (cov('2'), i < to); i++) n++; return n; }
       export const capped = (a: number) => Math.min(a, limit);
       export const words = () => act('4') ? '' : (cov('4'), 'words');`,
    );
    writeFileSync(
      join(folder, 'lib/src/module.spec.ts'),
      `import { readFileSync } from 'node:fs';
       import { join } from 'node:path';
       import { add, capped, count, words } from './module';
       describe('a module', () => {
         it.each([[1, 2, 3]])('adds %d and %d', (a, b, sum) => { expect(add(a, b)).toBe(sum); });
         it('counts', () => { expect(count(5)).toBe(5); });
         it('caps', async () => { await null; expect(capped(20)).toBe(10); });
         it('has words', () => { words(); });
         it('knows its folder', () => { expect(readFileSync(join(__dirname, 'module.ts'), 'utf8')).toContain('words'); });
       });`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('kills what a test sees, stops a loop without end, reloads for constants, and lets live what nothing sees', () => {
    const outcome = evaluate(
      'mutation/stryker-plugin.mjs',
      `await (async () => {
        process.chdir(input);
        const { injectableClass: Runner } = m.strykerPlugins.find(({ kind }) => kind === 'TestRunner');
        const runner = new Runner({ inProcess: { library: 'lib', packageName: '@x/lib' } });
        await runner.init();
        const dry = await runner.dryRun();
        // Later runs go on counting.
        const { perTest, static: ofLoading } = structuredClone(dry.mutantCoverage);
        const run = async (id) => {
          const testFilter = ofLoading[id] ? undefined : Object.keys(perTest).filter((test) => perTest[test][id]);
          const { status, killedBy } = await runner.mutantRun({
            activeMutant: { id, location: { start: { line: 0, column: 0 }, end: { line: 0, column: 1 } } },
            testFilter, hitLimit: 500, mutantActivation: testFilter ? 'runtime' : 'static',
            sandboxFileName: input + '/lib/src/module.ts',
          });
          return [status, ...(killedBy ?? [])].join(': ');
        };
        const runs = [];
        for (const id of ['1', '2', '3', '4', '1']) runs.push(await run(id));
        return { failed: dry.tests.filter((test) => test.status !== 0), static: Object.keys(ofLoading), runs };
      })()`,
      folder,
    );
    expect(outcome).toEqual({
      failed: [],
      static: ['3'],
      runs: [
        'killed: lib/src/module.spec.ts > a module > adds 1 and 2',
        'timeout',
        'killed: lib/src/module.spec.ts > a module > caps',
        'survived',
        'killed: lib/src/module.spec.ts > a module > adds 1 and 2',
      ],
    });
  });

  it('mutates no address of documentation', () => {
    const ignored = (value: string) =>
      evaluate(
        'mutation/stryker-plugin.mjs',
        `m.strykerPlugins.find(({ kind }) => kind === 'Ignore').value.shouldIgnore({ isStringLiteral: () => true, node: { value: input } })`,
        value,
      );
    expect(ignored('https://kubernetes.io/docs')).toBe('an address of documentation');
    expect(ignored('no trigger is active')).toBeNull();
  });
});
