// The measured figures of the decision core in docs/numbers.md, written from bench/results/scaling.json: node bench/scaling/numbers.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const root = join(import.meta.dirname, '..', '..');
export const results = join(root, 'bench', 'results', 'scaling.json');
export const page = join(root, 'docs', 'numbers.md');
const [begin, end] = ['<!-- scaling: begin -->', '<!-- scaling: end -->'];

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

/** The page with these results in the place of those that are there. */
export async function withFigures(text, result) {
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`the page has no ${begin} ... ${end}`);
  const whole = `${before}${begin}\n\n${figures(result)}\n\n${end}${after}`;
  return format(whole, { ...(await resolveConfig(page)), parser: 'markdown' });
}

if (import.meta.filename === process.argv[1]) {
  const text = readFileSync(page, 'utf8');
  const wanted = await withFigures(text, JSON.parse(readFileSync(results, 'utf8')));
  if (process.argv[2] === '--check') {
    if (text !== wanted) {
      process.stderr.write(
        'docs/numbers.md does not say what bench/results/scaling.json says: node bench/scaling/numbers.mjs\n',
      );
      process.exit(1);
    }
  } else writeFileSync(page, wanted);
}
