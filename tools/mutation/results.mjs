// What a run found, by folder.
import { inSample } from './sample.mjs';

/**
 * Stryker's score: killed and timed out over all mutants that ran, those that no test reaches included. Of a sample, over the
 * sample.
 */
export function scoreOf({ files, sample }) {
  const counts = {};
  let mutantsInAll = 0;
  for (const [fileName, { mutants }] of Object.entries(files))
    for (const mutant of mutants) {
      if (mutant.status !== 'Ignored') mutantsInAll += 1;
      if (!inSample({ ...mutant, fileName }, sample)) continue;
      counts[mutant.status] = (counts[mutant.status] ?? 0) + 1;
    }
  const of = (status) => counts[status] ?? 0;
  const killed = of('Killed') + of('Timeout');
  const valid = killed + of('Survived') + of('NoCoverage');
  return {
    killed,
    valid,
    mutantsInAll,
    percent: valid === 0 ? 100 : (100 * killed) / valid,
    timeouts: of('Timeout'),
    uncovered: of('NoCoverage'),
    errors: of('RuntimeError') + of('CompileError'),
    ignored: of('Ignored'),
  };
}

/**
 * The score of all folders together, each weighing as many mutants as it has, and the half width of its 95 % confidence interval:
 * 0 where every mutant was tried.
 */
export function totalOf(scores) {
  const sum = (field) => scores.reduce((total, score) => total + score[field], 0);
  const all = sum('mutantsInAll');
  let percent = 0;
  let variance = 0;
  for (const { killed, valid, mutantsInAll } of scores) {
    if (valid === 0) continue;
    const weight = mutantsInAll / all;
    const share = killed / valid;
    percent += 100 * weight * share;
    // Sampled without replacement.
    const left = (mutantsInAll - valid) / Math.max(1, mutantsInAll - 1);
    variance += (weight * weight * share * (1 - share) * Math.max(0, left)) / valid;
  }
  return {
    killed: sum('killed'),
    valid: sum('valid'),
    mutantsInAll: all,
    timeouts: sum('timeouts'),
    uncovered: sum('uncovered'),
    percent,
    margin: 196 * Math.sqrt(variance),
  };
}

/** The mutants that no test killed, a line each: place, what, and the code before and after. */
export function survivorsOf({ files, sample }) {
  const lines = [];
  for (const [file, { mutants, source }] of Object.entries(files)) {
    const text = source.split('\n');
    for (const mutant of mutants) {
      if (!inSample({ ...mutant, fileName: file }, sample)) continue;
      const mark = { Survived: '', NoCoverage: ' (no test)', RuntimeError: ' (error)' }[mutant.status];
      if (mark === undefined) continue;
      const { start, end } = mutant.location;
      const first = text[start.line - 1] ?? '';
      const code =
        start.line === end.line
          ? first.slice(start.column - 1, end.column - 1)
          : `${first.slice(start.column - 1)} ...`;
      const replacement = (mutant.replacement ?? '').replaceAll(/\s+/g, ' ');
      lines.push(
        `${file}:${start.line}:${start.column} ${mutant.mutatorName}${mark}: ${code} -> ${replacement}`,
      );
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}
