import { encodeRecording } from '@scalelab/recording';
import {
  labRuns,
  ModelError,
  readLabModels,
  replayLabRun,
  trimRecording,
  type LabModel,
} from '@scalelab/simulation';
import { parse, YAMLParseError } from 'yaml';
import { badInput, firstLine } from './command-error';
import type { CaseResult } from './conform-cases';
import { differenceText } from './difference-text';
import { readText } from './input-file';
import { readRecording } from './recording-file';
import type { Terminal } from './terminal';

export const isRecording = (path: string): boolean => path.endsWith('.jsonl');

/** Simulates the loads of a recording, workload by workload. @throws CommandError */
export function replayLoads(file: string, modelsFile: string, terminal: Terminal): readonly CaseResult[] {
  const models = readModels(modelsFile);
  const runs = labRuns(readRecording(file, terminal));
  if (runs.length === 0) throw badInput(`${file}: holds no loads on workloads that something scales`);
  return runs.map((run) => {
    const { namespace, name } = run.workload;
    if (!models.has(name)) throw badInput(`${modelsFile}: has no model of ${name}, which ${file} is about`);
    const { firstDifference } = replayLabRun(run, runs, models);
    return {
      name: `${namespace}/${name}`,
      ...(firstDifference ? { failure: differenceText(firstDifference) } : {}),
    };
  });
}

/** The recording without what `replayLoads` does not read. @throws CommandError */
export function trimmedText(file: string, terminal: Terminal): string {
  return encodeRecording(trimRecording(readRecording(file, terminal)));
}

function readModels(file: string): ReadonlyMap<string, LabModel> {
  const text = readText(file);
  try {
    return readLabModels(parse(text));
  } catch (error) {
    if (error instanceof YAMLParseError)
      throw badInput(`${file}:${error.linePos?.[0].line ?? 1}: YAML: ${firstLine(error)}`, error);
    if (!(error instanceof ModelError)) throw error;
    const line = text.split('\n').findIndex((row) => row.trimStart().startsWith(`${error.field}:`)) + 1;
    throw badInput(`${file}:${Math.max(1, line)}: ${error.message}`, error);
  }
}
