// The measured figures in docs/numbers.md, written from bench/results/services.json: node bench/services/numbers.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const root = join(import.meta.dirname, '..', '..');
export const results = join(root, 'bench', 'results', 'services.json');
export const page = join(root, 'docs', 'numbers.md');
const [begin, end] = ['<!-- services: begin -->', '<!-- services: end -->'];

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

/** The page with these results in the place of those that are there. */
export async function withFigures(text, result) {
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`the page has no ${begin} ... ${end}`);
  const whole = `${before}${begin}\n\n${figures(result)}\n\n${end}${after}`;
  return format(whole, { ...(await resolveConfig(page)), parser: 'markdown' });
}

if (import.meta.filename === process.argv[1]) {
  const result = JSON.parse(readFileSync(results, 'utf8'));
  const text = readFileSync(page, 'utf8');
  const wanted = await withFigures(text, result);
  if (process.argv[2] === '--check') {
    if (text !== wanted) {
      process.stderr.write(
        'docs/numbers.md does not say what bench/results/services.json says: node bench/services/numbers.mjs\n',
      );
      process.exit(1);
    }
  } else writeFileSync(page, wanted);
}
