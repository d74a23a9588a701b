// The measured figures in docs/numbers.md, written from bench/results/services.json: node bench/services/numbers.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/node.mjs';
import { sectionCommand } from '../../tools/numbers-page.mjs';

export const results = join(root, 'bench', 'results', 'services.json');

const detailText = (detail) =>
  Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === 'number' ? value.toLocaleString('en-US') : value}`)
    .join('; ');

/** The table and what it was measured on, as Markdown. */
export function figures({ machine, rows, seconds, startedAt, versions }) {
  const lines = rows.map(({ detail = {}, held, how = '', max, median, min, reach, skipped, unit, what }) => {
    const space = unit === 'x' ? '' : ' ';
    const range = min === max ? '' : ` (${min} to ${max})`;
    const measured = skipped === undefined ? `**${median}${space}${unit}**${range}` : `skipped: ${skipped}`;
    const verdict = skipped === undefined ? (held ? 'held' : 'MISSED') : '-';
    const beside = detailText(detail);
    return `| ${what} | ${reach} | ${measured} | ${verdict} | ${how}${beside ? `. ${beside}` : ''} |`;
  });
  const loads = `${machine.loadBefore[0]} before, ${machine.loadAfter[0]} after`;
  return [
    `Measured ${startedAt.slice(0, 16).replace('T', ' ')} UTC in ${seconds} s: ${machine.cores} cores of ${machine.cpu?.trim()}, ${Math.round(machine.memoryBytes / 2 ** 30)} GiB, ${machine.system}, Node ${versions.node}; load average ${loads}. Medians, with the lowest and highest round behind them.`,
    '',
    '| what | reach | measured | | how, and the figures behind it |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

if (import.meta.filename === process.argv[1])
  await sectionCommand('services', figures(JSON.parse(readFileSync(results, 'utf8'))), process.argv[2]);
