import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Arguments } from './arguments';
import type { Command } from './command';
import { badInput, usageError } from './command-error';
import { caseKindOf, readCases, replayCases, type CaseKind } from './conform-cases';
import { reasonOf, writeText } from './input-file';
import { isRecording, replayLoads, trimmedText } from './conform-recording';
import type { Terminal } from './terminal';

interface CaseFile {
  readonly path: string;
  readonly kind: CaseKind;
}

/** Cases of one file as they are replayed, and how many failed. */
function replayFile({ path, kind }: CaseFile, terminal: Terminal): { passed: number; failed: number } {
  const count = { passed: 0, failed: 0 };
  const cases = readCases(path);
  for (const result of replayCases(kind, path, cases)) {
    terminal.progress(`${path} ${count.passed + count.failed + 1}/${cases.length}`);
    if (result.failure === undefined) {
      count.passed++;
      continue;
    }
    count.failed++;
    terminal.out(`${basename(path)} ${result.name}: ${result.failure}`);
  }
  return count;
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(folder, name));
}

/** The files of a folder of one kind, or of all such folders in it. A file is taken for itself. */
function caseFiles(path: string): CaseFile[] {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (error) {
    throw badInput(`${path}: cannot be read: ${reasonOf(error)}`, error);
  }
  if (!isFolder) return [{ path, kind: caseKindOf(path, readCases(path)) }];
  const folders = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(path, entry.name))
    .sort();
  const files = [path, ...folders].flatMap(jsonFiles);
  if (files.length === 0) throw badInput(`${path}: holds no *.json, and no folder with any`);
  return files.map((file) => ({ path: file, kind: caseKindOf(file, readCases(file)) }));
}

/** Recordings among the operands, replayed, or written down small. */
function replayRecordings(
  files: readonly string[],
  args: Arguments,
  terminal: Terminal,
): { passed: number; failed: number } {
  const count = { passed: 0, failed: 0 };
  const models = args.text('models');
  const trimmed = args.text('trim');
  if (trimmed !== undefined && files.length !== 1)
    throw usageError(`conform: --trim takes one recording, got ${files.length}`);
  for (const file of files) {
    if (trimmed !== undefined) writeText(trimmed, trimmedText(file, terminal));
    if (models === undefined)
      throw usageError(`conform: ${file} is a recording: --models FILE says how its workloads work`);
    for (const { name, failure } of replayLoads(file, models, terminal)) {
      if (failure === undefined) count.passed++;
      else {
        count.failed++;
        terminal.out(`${basename(file)} ${name}: ${failure}`);
      }
    }
  }
  return count;
}

export const conform: Command = {
  name: 'conform',
  operands: 'DIR...',
  about: 'replays recorded runs of the real controllers against this decision core',
  options: {
    models: {
      type: 'string',
      value: 'FILE',
      about: 'with a recording of the lab: how its workloads work (examples/tour/models.yaml)',
    },
    trim: {
      type: 'string',
      value: 'FILE',
      about: 'write down what the comparison needs of a recording, as a small one',
    },
  },
  notes: [
    'DIR is a folder of recorded runs (hpa, keda, timelines), their parent, or one file of them.',
    'A recording (*.jsonl) of the lab is simulated: its loads, and the replicas compared within one sync and one poll.',
    'One line a failing case: its first difference. Exit code 1 if any failed.',
  ],
  run(args, terminal) {
    if (args.positionals.length === 0)
      throw usageError('conform: a folder of recorded runs is needed: scalelab conform DIR');
    let passed = 0;
    let failed = 0;
    const recordings = args.positionals.filter(isRecording);
    const loads = replayRecordings(recordings, args, terminal);
    passed += loads.passed;
    failed += loads.failed;
    for (const file of args.positionals.filter((path) => !isRecording(path)).flatMap(caseFiles)) {
      const count = replayFile(file, terminal);
      passed += count.passed;
      failed += count.failed;
    }
    terminal.progress('');
    terminal.out(`${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  },
};
