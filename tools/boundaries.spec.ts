import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');

// [row, a file of that row, a line that breaks it, the rule that must refuse it]
const nxRule = '@nx/enforce-module-boundaries';
const broken: [string, string, string, string][] = [
  [
    'an app may not use a vendor SDK',
    'apps/http-demo/src/x.ts',
    "import { Kafka } from 'kafkajs'; export const x = Kafka;",
    nxRule,
  ],
  [
    'an app may not import an emulator',
    'apps/sqs-worker/src/x.ts',
    "import * as x from '@scalelab/kafka-broker'; export { x };",
    nxRule,
  ],
  [
    'an app may not import an app',
    'apps/http-demo/src/x.ts',
    "import * as x from '../../lab/src/main'; export { x };",
    nxRule,
  ],
  [
    'the emulators app may not use a vendor SDK',
    'apps/emulators/src/x.ts',
    "import * as x from '@aws-sdk/client-sqs'; export { x };",
    nxRule,
  ],
  [
    'a tool may not use a vendor SDK',
    'tools/tour/src/x.ts',
    "import * as x from '@kubernetes/client-node'; export { x };",
    nxRule,
  ],
  [
    'a tool may not import an emulator',
    'tools/tour/src/x.ts',
    "import * as x from '@scalelab/aws-emulator'; export { x };",
    nxRule,
  ],
  [
    'the platform may not use an adapter',
    'libs/service/src/x.ts',
    "import * as x from '@scalelab/aws'; export { x };",
    nxRule,
  ],
  [
    'the platform may not use an SDK',
    'libs/service/src/x.ts',
    "import * as x from 'kafkajs'; export { x };",
    nxRule,
  ],
  [
    'a source may not use express',
    'libs/triggers/src/x.ts',
    "import x from 'express'; export { x };",
    nxRule,
  ],
  [
    'a source may not use an SDK',
    'libs/triggers/src/x.ts',
    "import * as x from '@aws-sdk/client-sqs'; export { x };",
    nxRule,
  ],
  [
    'a source may not use the platform',
    'libs/triggers/src/x.ts',
    "import * as x from '@scalelab/service'; export { x };",
    nxRule,
  ],
  ['an adapter may not use express', 'libs/kube/src/x.ts', "import x from 'express'; export { x };", nxRule],
  [
    'an adapter may not use the platform',
    'libs/aws/src/x.ts',
    "import * as x from '@scalelab/service'; export { x };",
    nxRule,
  ],
  [
    'an adapter may not use another owner’s SDK: kafkajs',
    'libs/aws/src/x.ts',
    "import * as x from 'kafkajs'; export { x };",
    'no-restricted-imports',
  ],
  [
    'an adapter may not use another owner’s SDK: aws',
    'libs/kafka/src/x.ts',
    "import * as x from '@aws-sdk/client-sqs'; export { x };",
    'no-restricted-imports',
  ],
  [
    'an adapter may not use another owner’s SDK: kubernetes',
    'libs/kafka/src/x.ts',
    "import * as x from '@kubernetes/client-node'; export { x };",
    'no-restricted-imports',
  ],
  [
    'the domain may not use server libraries',
    'libs/scaling/src/x.ts',
    "import * as x from '@scalelab/logging'; export { x };",
    nxRule,
  ],
  [
    'the domain may not use server packages',
    'libs/scaling/src/x.ts',
    "import x from 'pino'; export { x };",
    nxRule,
  ],
  [
    'the domain may not use Node',
    'libs/promql/src/x.ts',
    "import { readFileSync } from 'node:fs'; export { readFileSync };",
    'no-restricted-imports',
  ],
  [
    'the domain has no clock',
    'libs/scaling/src/x.ts',
    'export const x = Date.now();',
    'no-restricted-globals',
  ],
  [
    'the domain has no timers',
    'libs/simulation/src/x.ts',
    'export const x = () => setTimeout(() => undefined, 1);',
    'no-restricted-globals',
  ],
  [
    'the domain has no randomness',
    'libs/plots/src/x.ts',
    'export const x = Math.random();',
    'no-restricted-properties',
  ],
  [
    'an emulator may not use an SDK',
    'libs/kafka-broker/src/x.ts',
    "import * as x from 'kafkajs'; export { x };",
    nxRule,
  ],
  [
    'an emulator may not use express',
    'libs/aws-emulator/src/x.ts',
    "import x from 'express'; export { x };",
    nxRule,
  ],
  [
    'an emulator may not use an adapter',
    'libs/aws-emulator/src/x.ts',
    "import * as x from '@scalelab/aws'; export { x };",
    nxRule,
  ],
  [
    'a util may not use an SDK',
    'libs/config/src/x.ts',
    "import * as x from '@aws-sdk/client-sqs'; export { x };",
    nxRule,
  ],
  ['a util may not use express', 'libs/metrics/src/x.ts', "import x from 'express'; export { x };", nxRule],
  [
    'a util may not use the platform',
    'libs/errors/src/x.ts',
    "import * as x from '@scalelab/service'; export { x };",
    nxRule,
  ],
  [
    'shared code may not use server code',
    'libs/errors/src/x.ts',
    "import * as x from '@scalelab/metrics'; export { x };",
    nxRule,
  ],
];
const allowed: [string, string, string][] = [
  [
    'the emulators app may import an emulator',
    'apps/emulators/src/x.ts',
    "import * as x from '@scalelab/kafka-broker'; export { x };",
  ],
  ['the kafka adapter may use kafkajs', 'libs/kafka/src/x.ts', "import * as x from 'kafkajs'; export { x };"],
  [
    'the aws adapter may use its SDK',
    'libs/aws/src/x.ts',
    "import * as x from '@aws-sdk/client-sqs'; export { x };",
  ],
  [
    'an app may use domain code',
    'apps/lab/src/x.ts',
    "import * as x from '@scalelab/scaling'; export { x };",
  ],
  [
    'the domain may use Intl',
    'libs/scaling/src/x.ts',
    "export const x = new Intl.DateTimeFormat('en').format(0);",
  ],
];

/** Lints every fixture in one child process: ESLint's flat config needs real dynamic imports. */
function lintAll(fixtures: { file: string; text: string }[]): string[][] {
  const script = `
    import { ESLint } from 'eslint';
    const eslint = new ESLint({ cwd: ${JSON.stringify(root)}, overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions: { project: null } },
      rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/no-misused-promises': 'off', '@typescript-eslint/await-thenable': 'off' } }] });
    const out = [];
    for (const { file, text } of ${JSON.stringify(fixtures)}) {
      const [result] = await eslint.lintText(text, { filePath: file });
      out.push(result.messages.map((m) => m.ruleId ?? m.message));
    }
    process.stdout.write(JSON.stringify(out));`;
  const env = { ...process.env, NX_DAEMON: 'false', NX_NO_CLOUD: 'true', CI: 'true' };
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/nx/dist/bin/nx.js'), 'graph', '--file=.cache/graph-boundaries.json'],
    { cwd: root, env, stdio: 'ignore' },
  );
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      env,
      encoding: 'utf8',
    }),
  ) as string[][];
}

describe('import boundaries', () => {
  let found: string[][] = [];

  beforeAll(() => {
    found = lintAll([...broken, ...allowed].map(([, file, text]) => ({ file, text })));
  }, 120_000);

  test.each(broken.map((row, at) => [row[0], row[3], at] as const))('%s', (_name, rule, at) => {
    expect(found[at]).toContain(rule);
  });

  test.each(allowed.map((row, at) => [row[0], at + broken.length] as const))('%s', (_name, at) => {
    expect(found[at]).toEqual([]);
  });
});
