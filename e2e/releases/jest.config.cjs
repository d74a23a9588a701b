const { join } = require('node:path');
const preset = require('../../jest.preset.cjs');

// Run by `npm run e2e`, which says against what: these suites need a cluster or a lab of their own, so `npm test` leaves them out.
/** @type {import('jest').Config} */
module.exports = {
  ...preset,
  rootDir: __dirname,
  testMatch: ['**/*.suite.ts'],
  globalSetup: join(__dirname, 'setup.ts'),
  globalTeardown: join(__dirname, 'teardown.ts'),
  cacheDirectory: join(__dirname, '../../.cache/jest-e2e'),
  testTimeout: 180_000,
};
