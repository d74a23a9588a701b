import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { depConstraints } from './tools/boundaries.mjs';

// Globals that would let a decision depend on the machine or the moment it runs on (docs/architecture.md, "The core").
const impure = [
  'Date',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'performance',
  'process',
  'Buffer',
  'fetch',
];
const domain = ['manifests', 'scaling', 'simulation', 'recording', 'promql', 'plots', 'contracts'].map(
  (n) => `libs/${n}/src/**/*.ts`,
);
const specs = ['**/*.spec.ts', '**/testing/**/*.ts', '**/testing.ts', 'bench/**', 'chaos/**', '**/bench/**'];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.cache/**',
      '.nx/**',
      'coverage/**',
      'libs/scaling/conformance/**',
      'reports/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{mjs,cjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        fetch: 'readonly',
        AbortSignal: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        setImmediate: 'readonly',
      },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allowCircularSelfDependency: true,
          banTransitiveDependencies: false,
          depConstraints,
        },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      'no-undef': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    files: ['libs/*/src/**/*.ts', 'apps/*/src/**/*.ts', 'tools/tour/src/**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
    },
  },
  {
    files: domain,
    ignores: specs,
    rules: {
      'no-restricted-globals': [
        'error',
        ...impure.map((name) => ({
          name,
          message: 'Domain code has no clock, timer or I/O: take it as input.',
        })),
      ],
      'no-restricted-properties': [
        'error',
        {
          object: 'Math',
          property: 'random',
          message: 'Domain code is deterministic: take randomness as input.',
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [
                'node:*',
                'fs',
                'path',
                'http',
                'https',
                'net',
                'os',
                'crypto',
                'child_process',
                'worker_threads',
                'timers',
                'timers/*',
                'fs/*',
              ],
              message: 'Domain code has no I/O.',
            },
          ],
        },
      ],
    },
  },
  // Each vendor SDK has one owner (docs/architecture.md): the other adapters may not know it either.
  ...[
    ['kafka', ['@aws-sdk/*', '@kubernetes/*']],
    ['aws', ['kafkajs', '@kubernetes/*']],
    ['kube', ['kafkajs', '@aws-sdk/*']],
  ].map(([lib, foreign]) => ({
    files: [`libs/${lib}/src/**/*.ts`],
    ignores: specs,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: foreign, message: 'Another adapter owns this SDK.' }] },
      ],
    },
  })),
  {
    files: ['apps/*/src/**/main.ts', '**/*.entry.ts', 'tools/**/*.ts', ...specs],
    rules: { 'no-console': 'off' },
  },
  {
    files: specs,
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
);
