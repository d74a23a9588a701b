// What a run found, by folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from './packages.mjs';
import { inSample } from './sample.mjs';

export const resultsFolder = join(cache, 'results');

export function resultFile(folder) {
  return join(resultsFolder, `${folder === '.' ? 'src' : folder.replaceAll('/', '-')}.json`);
}

/** Stryker's score: killed and timed out over all mutants that ran, those that no test reaches included. */
export function scoreOf({ files, sample }) {
  const counts = {};
  for (const [fileName, { mutants }] of Object.entries(files))
    for (const mutant of mutants) {
      if (!inSample({ ...mutant, fileName }, sample)) continue;
      counts[mutant.status] = (counts[mutant.status] ?? 0) + 1;
    }
  const of = (status) => counts[status] ?? 0;
  const killed = of('Killed') + of('Timeout');
  const valid = killed + of('Survived') + of('NoCoverage');
  return {
    killed,
    valid,
    percent: valid === 0 ? 100 : (100 * killed) / valid,
    timeouts: of('Timeout'),
    uncovered: of('NoCoverage'),
    errors: of('RuntimeError') + of('CompileError'),
    ignored: of('Ignored'),
  };
}

/** The mutants that no test killed, a line each: place, what, and the code before and after. */
export function survivorsOf({ files, sample }) {
  const lines = [];
  for (const [file, { mutants, source }] of Object.entries(files)) {
    const text = source.split('\n');
    for (const m of mutants) {
      if (!inSample({ ...m, fileName: file }, sample)) continue;
      if (m.status !== 'Survived' && m.status !== 'NoCoverage' && m.status !== 'RuntimeError') continue;
      const { start, end } = m.location;
      const first = text[start.line - 1] ?? '';
      const code =
        start.line === end.line
          ? first.slice(start.column - 1, end.column - 1)
          : `${first.slice(start.column - 1)} ...`;
      const mark = m.status === 'NoCoverage' ? ' (no test)' : m.status === 'RuntimeError' ? ' (error)' : '';
      const replacement = (m.replacement ?? '').replaceAll(/\s+/g, ' ');
      lines.push(
        `${file.replace('libs/scaling/src/', '')}:${start.line}:${start.column} ${m.mutatorName}${mark}: ${code} -> ${replacement}`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

export function keptResults() {
  if (!existsSync(resultsFolder)) return [];
  return readdirSync(resultsFolder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(resultsFolder, file), 'utf8')));
}
