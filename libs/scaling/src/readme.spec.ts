import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transpileModule, ModuleKind } from 'typescript';
import * as scaling from './index';

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

describe('the README', () => {
  it('shows code that runs and gives what its comments say', () => {
    const source = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    // Statements that are only looked at become results.
    const lines = source.replace(/^((?:step|explainHpa)[^;\n]*);/gm, 'results.push($1);');
    const { outputText } = transpileModule(lines, { compilerOptions: { module: ModuleKind.CommonJS } });
    const results: unknown[] = [];
    new Function('require', 'results', 'exports', outputText)(() => scaling, results, {});
    expect(results).toEqual([
      6,
      [
        { kind: 'setScale', replicas: 6 },
        expect.objectContaining({ kind: 'event' }),
        expect.objectContaining({ kind: 'updateStatus' }),
      ],
      30_000,
      expect.any(String),
    ]);
    expect(source).toContain(`// ${results[3]}`);
  });
});
