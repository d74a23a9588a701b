// The kept results as a table, and that table in docs/numbers.md.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../node.mjs';
import { cache, strykerVersion } from './packages.mjs';
import { scoreOf, totalOf } from './results.mjs';

export const resultsFolder = join(cache, 'results');
const begin = '<!-- mutation: begin -->';
const end = '<!-- mutation: end -->';

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
export async function writeReport(lines) {
  const path = join(root, 'docs/numbers.md');
  const text = withReport(readFileSync(path, 'utf8'), lines);
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}

export function withReport(text, lines) {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/numbers.md has no "${begin}" before "${end}"`);
  return `${text.slice(0, from + begin.length)}\n\n${lines.join('\n')}\n\n${text.slice(to)}`;
}
