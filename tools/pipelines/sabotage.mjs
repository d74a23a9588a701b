// Breaks a copy of the pipelines in one place at a time and prints what a check says: stdin [{check, file, from, to}], stdout [[problem...]...].
// `from` must be there; `to` null takes the file away. What no edit touches is linked, not copied.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../node.mjs';
import { runCheck } from './checks.mjs';

const copied = [
  '.github',
  '.gitlab-ci.yml',
  'Jenkinsfile',
  'deploy',
  'renovate.json',
  'ansible/group_vars/all.yml',
];
const linked = [
  'charts',
  'tools',
  'package.json',
  'Dockerfile',
  '.ci',
  'ansible/playbooks',
  'ansible/requirements.txt',
  'ansible/requirements.yml',
];

const copy = mkdtempSync(join(tmpdir(), 'scalelab-pipelines-'));
const results = [];
try {
  for (const path of copied) cpSync(join(root, path), join(copy, path), { recursive: true });
  for (const path of linked) symlinkSync(join(root, path), join(copy, path));
  for (const { check, file, from, to } of JSON.parse(readFileSync(0, 'utf8'))) {
    if (!file) {
      results.push(await runCheck(check, copy));
      continue;
    }
    const path = join(copy, file);
    const before = readFileSync(path, 'utf8');
    if (!before.includes(from)) {
      results.push({ problems: [`${file} has no ${JSON.stringify(from)}`] });
      continue;
    }
    if (to === null) rmSync(path);
    else
      writeFileSync(
        path,
        before.replace(from, () => to),
      );
    results.push(await runCheck(check, copy));
    writeFileSync(path, before);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.stdout.write(JSON.stringify(results), () => process.exit(0));
