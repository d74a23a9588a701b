// Who may depend on whom: the table of docs/architecture.md. tools/boundaries.spec.ts breaks each row once and expects a refusal.
const sdks = ['kafkajs', '@aws-sdk/*', '@kubernetes/*'];
const serverSide = [
  ...sdks,
  'express',
  'pino',
  'prom-client',
  'fauxqs',
  'dynalite',
  'selfsigned',
  '@smithy/*',
];

export const depConstraints = [
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: ['type:platform', 'type:adapter', 'type:source', 'type:domain', 'type:util'],
    bannedExternalImports: sdks,
  },
  {
    sourceTag: 'type:emulator-app',
    onlyDependOnLibsWithTags: [
      'type:platform',
      'type:adapter',
      'type:source',
      'type:domain',
      'type:util',
      'type:emulator',
    ],
    bannedExternalImports: sdks,
  },
  {
    // Tools are clients like any other; the tour counts with the tests' own ledger.
    sourceTag: 'type:tool',
    onlyDependOnLibsWithTags: [
      'type:platform',
      'type:adapter',
      'type:source',
      'type:domain',
      'type:util',
      'type:testing',
    ],
    bannedExternalImports: sdks,
  },
  {
    sourceTag: 'type:platform',
    onlyDependOnLibsWithTags: ['type:util', 'type:platform'],
    bannedExternalImports: sdks,
  },
  {
    sourceTag: 'type:source',
    onlyDependOnLibsWithTags: ['type:adapter', 'type:domain', 'type:util'],
    bannedExternalImports: ['express', ...sdks],
  },
  {
    sourceTag: 'type:adapter',
    onlyDependOnLibsWithTags: ['type:domain', 'type:util'],
    bannedExternalImports: ['express'],
  },
  {
    sourceTag: 'type:domain',
    onlyDependOnLibsWithTags: ['type:domain', 'type:util'],
    bannedExternalImports: [...serverSide, 'react', 'react-dom'],
  },
  {
    sourceTag: 'type:emulator',
    onlyDependOnLibsWithTags: ['type:util'],
    bannedExternalImports: ['express', ...sdks],
  },
  {
    sourceTag: 'type:util',
    onlyDependOnLibsWithTags: ['type:util'],
    bannedExternalImports: ['express', ...sdks],
  },
  {
    sourceTag: 'type:testing',
    onlyDependOnLibsWithTags: ['type:domain', 'type:util'],
    bannedExternalImports: sdks,
  },
  { sourceTag: 'type:contract', onlyDependOnLibsWithTags: ['*'] },
  { sourceTag: 'scope:shared', onlyDependOnLibsWithTags: ['scope:shared'] },
  { sourceTag: 'scope:server', onlyDependOnLibsWithTags: ['scope:shared', 'scope:server'] },
  { sourceTag: 'scope:web', onlyDependOnLibsWithTags: ['scope:shared'], bannedExternalImports: serverSide },
];
