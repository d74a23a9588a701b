// The measured figures of the decision core in docs/numbers.md, written from bench/results/scaling.json: node bench/scaling/numbers.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/node.mjs';
import { sectionCommand } from '../../tools/numbers-page.mjs';

export const results = join(root, 'bench', 'results', 'scaling.json');

/** The table and what it was measured on, as Markdown. */
export function figures({ at, cores, cpu, loadAverage, memoryMiB, node, rows }) {
  const lines = rows.map(
    ({ what, value, unit, limit, ok, how }) =>
      `| ${what} | <= ${limit} ${unit} | **${value} ${unit}** | ${ok ? 'held' : 'MISSED'} | ${how} |`,
  );
  return [
    `Measured ${at.slice(0, 16).replace('T', ' ')} UTC: ${cores} cores of ${cpu}, ${Math.round(memoryMiB / 1024)} GiB, Node ${node}; load average ${loadAverage.before.toFixed(1)} before, ${loadAverage.after.toFixed(1)} after.`,
    '',
    '| what | reach | measured | | how |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

if (import.meta.filename === process.argv[1])
  await sectionCommand('scaling', figures(JSON.parse(readFileSync(results, 'utf8'))), process.argv[2]);
