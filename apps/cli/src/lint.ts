import { formatFinding, lint as findAll, sarifOf, type Finding } from '@scalelab/simulation';
import type { Command } from './command';
import { usageError } from './command-error';
import { writeText } from './input-file';
import { readManifests } from './manifest-files';

export const lint: Command = {
  name: 'lint',
  operands: '-f FILE...',
  about: 'finds what surprises people about autoscalers, with the line, why, and the fix',
  options: {
    file: {
      type: 'string',
      short: 'f',
      multiple: true,
      value: 'FILE',
      about: 'manifests; a folder, or - for standard input',
    },
    partitions: {
      type: 'string',
      value: 'N',
      about: 'partitions of the Kafka topics (or annotation lint.scalelab.dev/partitions)',
    },
    'work-seconds': {
      type: 'string',
      value: 'S',
      about: 'how long the longest work takes (or annotation lint.scalelab.dev/work-seconds)',
    },
    sarif: { type: 'string', value: 'FILE', about: 'write the findings as SARIF 2.1.0, for code review' },
  },
  notes: [
    'Exit code 1 when a finding is an error. A finding that is intended is suppressed on its object:',
    '  metadata.annotations: lint.scalelab.dev/ignore: "CODE: reason; CODE: reason"',
  ],
  run(args, terminal) {
    const paths = [...args.texts('file'), ...args.positionals];
    if (paths.length === 0) throw usageError('lint: -f FILE is missing');
    const files = readManifests(paths);
    const partitions = wholeNumber(args.text('partitions'), '--partitions');
    const workSeconds = wholeNumber(args.text('work-seconds'), '--work-seconds');
    const findings = findAll(files, {
      ...(partitions === undefined ? {} : { partitions }),
      ...(workSeconds === undefined ? {} : { workSeconds }),
    });
    for (const finding of findings) terminal.out(formatFinding(finding));
    const sarif = args.text('sarif');
    if (sarif !== undefined) writeText(sarif, `${JSON.stringify(sarifOf(findings), null, 1)}\n`);
    const count = (level: Finding['rule']['level']): number =>
      findings.filter(({ rule }) => rule.level === level).length;
    terminal.out(
      `${files.length} files: ${count('error')} errors, ${count('warning')} warnings, ${count('note')} notes`,
    );
    return count('error') > 0 ? 1 : 0;
  },
};

function wholeNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw usageError(`lint: ${option} must be a whole number, got "${text}"`);
  return Number(text);
}
