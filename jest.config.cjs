const preset = require('./jest.preset.cjs');

// *.long.spec.ts runs in `npm run check:full` only (SCALELAB_LONG=1): see CONTRIBUTING.md.
const long = process.env.SCALELAB_LONG === '1';

/** @type {import('jest').Config} */
module.exports = {
  ...preset,
  rootDir: __dirname,
  roots: ['libs', 'apps', 'tools', 'bench', 'chaos', 'e2e']
    .map((d) => `<rootDir>/${d}`)
    .filter((d) => require('node:fs').existsSync(d.replace('<rootDir>', __dirname))),
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: [...preset.testPathIgnorePatterns, ...(long ? [] : ['\\.long\\.spec\\.ts$'])],
  cacheDirectory: '<rootDir>/.cache/jest',
};
