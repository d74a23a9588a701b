import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { preProcessFile } from 'typescript';

const root = join(__dirname, '..');

function packagesOf(text: string): string[] {
  return preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => !/^(\.|\/|node:|@scalelab\/)/.test(name) && !builtinModules.includes(name))
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

test('imports are told apart', () => {
  const text = `import a from 'ajv/dist/2020'; import '@scalelab/kube'; import { join } from 'node:path';
    const b = require('@swc/core'); export * from './c'; void import('yaml');`;
  expect(packagesOf(text)).toEqual(['ajv', '@swc/core', 'yaml']);
});

test('what is imported anywhere is declared: whatever else npm puts into node_modules may be another version on a fresh install', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: object;
    devDependencies: object;
  };
  const declared = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
  const files = execFileSync('git', ['ls-files', '*.ts', '*.mjs', '*.cjs'], { cwd: root, encoding: 'utf8' });
  const undeclared = files
    .trim()
    .split('\n')
    .flatMap((file) =>
      packagesOf(readFileSync(join(root, file), 'utf8'))
        .filter((name) => !declared.has(name))
        .map((name) => `${file}: ${name}`),
    );
  expect(undeclared).toEqual([]);
});
