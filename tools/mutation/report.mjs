// The kept results as a table, and that table in docs/numbers.md.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSection, writeSection } from '../numbers-page.mjs';
import { cache, strykerVersion } from './packages.mjs';
import { scoreOf, totalOf } from './results.mjs';

export const resultsFolder = join(cache, 'results');

export function resultFile(folder) {
  return join(resultsFolder, `${folder === '.' ? 'src' : folder.replaceAll('/', '-')}.json`);
}

export function keptResults() {
  if (!existsSync(resultsFolder)) return [];
  return readdirSync(resultsFolder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(resultsFolder, file), 'utf8')));
}

/** Lines of Markdown for the results of all folders. */
export function reportOf(results) {
  const rows = results
    .map((result) => ({ ...result, score: scoreOf(result) }))
    .filter(({ score }) => score.mutantsInAll > 0)
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
  const total = totalOf(rows.map(({ score }) => score));
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  const sampled = rows.some(({ sample }) => sample !== undefined);
  const cells = (name, score, percent, time) =>
    `| ${name} | ${score.mutantsInAll} | ${score.valid} | ${score.killed} | ${score.timeouts} | ${score.uncovered} | ${percent} | ${time} s |`;
  const percentText = `**${total.percent.toFixed(1)} %**${sampled ? ` ± ${total.margin.toFixed(1)}` : ''}`;
  const days = rows.map(({ measuredOn }) => measuredOn).sort();
  const how = sampled
    ? `Samples: ${rows.map(({ folder, sample }) => `${folder} ${sample ? `${100 * sample.share} % (seed ${sample.seed})` : 'all'}`).join(', ')}. Each folder weighs as many mutants as it has; ± is half of the 95 % confidence interval.`
    : 'Every mutant was tried.';
  return [
    `Measured ${days[0] ?? 'never'}${days.at(-1) === days[0] ? '' : ` to ${days.at(-1)}`} with Stryker ${strykerVersion}. ${how}`,
    '',
    '| folder of `libs/scaling/src` | mutants | tried | killed | of them timed out | not reached by a test | score | took |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map(({ folder, score, seconds: took }) =>
      cells(folder, score, `${score.percent.toFixed(1)} %`, took),
    ),
    cells('**all**', total, percentText, seconds),
  ];
}

/** Puts the report between its marks in docs/numbers.md. */
export const writeReport = (lines) => writeSection('mutation', lines.join('\n'));

export const withReport = (text, lines) => withSection(text, 'mutation', lines.join('\n'));
