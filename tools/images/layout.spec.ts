import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { evaluate } from './testing/evaluate';

let root: string;
function file(path: string, content: string) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
const meta = (...paths: string[]) => ({
  inputs: { 'node_modules/pure/index.js': {}, 'apps/x/src/main.ts': {} },
  outputs: { 'main.cjs': { imports: paths.map((path) => ({ path, external: true, kind: 'require-call' })) } },
});

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'scalelab-layout-spec-'));
  file('LICENSE', 'MIT of ours');
  file(
    'node_modules/native/package.json',
    JSON.stringify({ name: 'native', version: '3.0.0', license: 'MIT', dependencies: { tool: '^1' } }),
  );
  file('node_modules/native/LICENSE', 'text of native');
  file(
    'node_modules/native/node_modules/tool/package.json',
    JSON.stringify({ name: 'tool', version: '1.0.0', dependencies: { '@s/leaf': '1' } }),
  );
  file('node_modules/tool/package.json', JSON.stringify({ name: 'tool', version: '2.0.0' }));
  file('node_modules/@s/leaf/package.json', JSON.stringify({ name: '@s/leaf', version: '1.1.0' }));
  file('node_modules/pure/package.json', JSON.stringify({ name: 'pure', version: '5.0.0', license: 'ISC' }));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('what lies beside a bundle', () => {
  const packages = (...paths: string[]) =>
    evaluate('images/external-packages.mjs', 'm.externalPackages(input.meta, input.root)', {
      meta: meta(...paths),
      root,
    }) as {
      name: string;
      version: string;
    }[];

  it('is the packages that it left out, with all that they need, as Node finds them', () => {
    expect(
      packages('native/sub', 'node:fs', 'path').map(({ name, version }) => `${name}@${version}`),
    ).toEqual(['@s/leaf@1.1.0', 'native@3.0.0', 'tool@1.0.0']);
  });

  it('is nothing when the bundle is whole', () => {
    expect(packages('node:fs', 'crypto')).toEqual([]);
  });

  it('names a package that is not installed', () => {
    expect(() => packages('absent')).toThrow('absent, which');
  });

  it.each([
    ['amd64', 'prebuilds/linux-x64/native.node', true],
    ['arm64', 'prebuilds/linux-arm64/native.armv8.node', true],
    ['arm64', 'prebuilds/linux-x64/native.node', false],
    ['amd64', 'prebuilds/darwin-arm64/native.node', false],
    ['amd64', 'prebuilds/linux-x64/native.musl.node', false],
    ['amd64', 'prebuilds', true],
    ['amd64', 'deps/leveldb/db.cc', false],
    ['amd64', 'index.js', true],
    ['amd64', 'index.d.ts', false],
    ['amd64', 'LICENSE', true],
  ])('for %s: %s %s', (arch, path, kept) => {
    expect(
      evaluate('images/external-packages.mjs', 'm.keptInImage(input.path, input.arch)', { path, arch }),
    ).toBe(kept);
  });

  it('are the licences of everything in the image', () => {
    const text = evaluate('images/licences.mjs', 'm.licences(input.meta, input.external, input.root)', {
      meta: meta(),
      external: [{ name: 'native', path: join(root, 'node_modules/native') }],
      root,
    });
    expect(text).toMatch(
      /^scalelab\n\nMIT of ours[^]*native@3\.0\.0: MIT\n\ntext of native[^]*pure@5\.0\.0: ISC/,
    );
  });
});
