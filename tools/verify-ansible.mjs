// Playbooks: they agree with charts, docker-compose and documentation; syntax; ansible-lint with its production profile. With --again,
// lint runs also on files that passed before.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as agreement from './ansible/agreement.mjs';
import { passedBefore } from './ansible/passed.mjs';
import { sources } from './ansible/sources.mjs';
import { findAnsible, runAnsible } from './ansible/tool.mjs';
import { root } from './node.mjs';

let failed = 0;
function check(name, problems, done) {
  if (problems.length > 0) failed += 1;
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? `${name}: ${done}` : `FAILED ${name}`);
}

const all = sources();
check('names', agreement.namesOfCharts(all), `${Object.keys(all.charts).length} charts, each with a row`);
check('values', agreement.sharedValues(all), 'as in charts/shared-values.yaml');
check(
  'versions',
  agreement.versions(all),
  'pinned in one place, as in docker-compose.yml and libs/manifests',
);
check(
  'conventions',
  agreement.conventions(all),
  `${Object.keys(all.roles).length} roles, every variable documented`,
);

const ansible = findAnsible();
if (ansible.skipped) console.log(`skipped: syntax and lint: ${ansible.skipped}`);
else {
  const playbooks = readdirSync(join(root, 'ansible/playbooks')).map((file) => `playbooks/${file}`);
  const syntax = runAnsible(ansible, 'ansible-playbook', ['--syntax-check', ...playbooks]);
  check(
    'syntax',
    syntax.status === 0 ? [] : [`${syntax.stdout}${syntax.stderr}`.trim()],
    `${playbooks.length} playbooks (ansible-core ${ansible.version})`,
  );
  const { stdout: version } = runAnsible(ansible, 'ansible-lint', ['--version', '--offline']);
  const before = passedBefore('lint', 'ansible', version);
  if (before.passed && !process.argv.includes('--again'))
    console.log('lint: nothing has changed since it passed (again: --again)');
  else {
    const lint = runAnsible(ansible, 'ansible-lint', [
      '--offline',
      '--strict',
      '--profile',
      'production',
      '--format',
      'pep8',
    ]);
    check(
      'lint',
      lint.status === 0 ? [] : [`${lint.stdout}${lint.stderr}`.trim()],
      'production profile, no finding',
    );
    if (lint.status === 0) before.remember();
  }
}
process.exit(failed === 0 ? 0 : 1);
