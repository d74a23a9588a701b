// docs/numbers.md: each command that measures owns what stands between its two marks, <!-- NAME: begin --> and <!-- NAME: end -->.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { format, resolveConfig } from 'prettier';
import { root } from './node.mjs';

export const numbersPage = join(root, 'docs', 'numbers.md');

/** The page with Markdown between the marks of that name. */
export function withSection(page, name, markdown) {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/numbers.md has no "${begin}" before "${end}"`);
  return `${page.slice(0, from + begin.length)}\n\n${markdown}\n\n${page.slice(to)}`;
}

async function changed(name, markdown) {
  const present = readFileSync(numbersPage, 'utf8');
  const options = { ...(await resolveConfig(numbersPage)), filepath: numbersPage };
  return { present, wanted: await format(withSection(present, name, markdown), options) };
}

export async function writeSection(name, markdown) {
  writeFileSync(numbersPage, (await changed(name, markdown)).wanted);
}

/** For `bench/NAME/numbers.mjs [--check]`: writes the section, or with --check exits with 1 when the page says something else. */
export async function sectionCommand(name, markdown, argument) {
  const { present, wanted } = await changed(name, markdown);
  if (argument !== '--check') return writeFileSync(numbersPage, wanted);
  if (present === wanted) return;
  process.stderr.write(
    `docs/numbers.md does not say what bench/results/${name}.json says: node bench/${name}/numbers.mjs\n`,
  );
  process.exitCode = 1;
}
