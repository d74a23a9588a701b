// For tests: JSON [{path, value}] on stdin, each a change of one thing that the rules read -> JSON [[problem]] on stdout; no path, no change.
import { readFileSync } from 'node:fs';
import * as agreement from './agreement.mjs';
import { sources } from './sources.mjs';

const original = JSON.stringify(sources());
const judged = JSON.parse(readFileSync(0, 'utf8')).map(({ path, value }) => {
  const all = JSON.parse(original);
  if (path.length > 0) {
    const holder = path.slice(0, -1).reduce((at, key) => at[key], all);
    if (value === null) delete holder[path.at(-1)];
    else holder[path.at(-1)] = value;
  }
  return Object.values(agreement).flatMap((rule) => rule(all));
});
console.log(JSON.stringify(judged));
