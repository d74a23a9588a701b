import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { eks } from './testing/eks';
import { flux } from './testing/flux';
import { gitlab } from './testing/gitlab';
import { jenkins } from './testing/jenkins';
import { stages } from './testing/stages';
import { workflows } from './testing/workflows';

interface Result {
  readonly problems: readonly string[];
  readonly skipped?: string;
}

const sabotages = [...workflows, ...stages, ...jenkins, ...gitlab, ...flux, ...eks];

const names = [...new Set(sabotages.map(({ check }) => check))];
const cases = [...names.map((check) => ({ check })), ...sabotages];
const results = JSON.parse(
  execFileSync(process.execPath, [join(__dirname, 'sabotage.mjs')], {
    input: JSON.stringify(cases.map((sabotage) => ({ ...sabotage, says: undefined }))),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    stdio: ['pipe', 'pipe', 'inherit'],
  }),
) as readonly Result[];

for (const [index, { skipped }] of results.slice(0, names.length).entries())
  if (skipped) process.stdout.write(`skipped: ${names[index]}: ${skipped}\n`);

it.each(names.map((name, index) => [name, results[index]] as const))(
  'finds nothing wrong: %s',
  (_, result) => {
    expect(result?.problems).toEqual([]);
  },
);

it.each(
  sabotages.map(
    ({ check, file, from, to, says }, index) =>
      [
        check,
        file,
        `${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
        says,
        results[names.length + index],
      ] as const,
  ),
)('%s sees in %s %s', (_check, _file, _edit, says, result) => {
  if (result?.skipped) return;
  expect(result?.problems.join('\n')).toMatch(says);
});
