// One preset for every project: TypeScript through swc to CommonJS, on the project's own Node.
module.exports = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.[cm]?[jt]sx?$': [
      '@swc/jest',
      {
        jsc: { target: 'es2024', parser: { syntax: 'typescript' }, externalHelpers: false },
        module: { type: 'commonjs' },
      },
    ],
  },
  extensionsToTreatAsEsm: [],
  // Packages that ship only ES modules are transformed too, since Jest loads CommonJS.
  transformIgnorePatterns: [
    '/node_modules/(?!(fauxqs|toad-cache|@kubernetes/client-node|openid-client|oauth4webapi|jose|@prometheus-io/lezer-promql|@lezer)/)',
  ],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  modulePathIgnorePatterns: ['/dist/'],
  moduleFileExtensions: ['ts', 'tsx', 'js', 'cjs', 'mjs', 'json'],
  testTimeout: 20_000,
};
