// What passed once on the very same files need not run again: ansible-lint takes half a minute.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../node.mjs';

/** One file a check and content, in .cache/ansible. `also` is what else the result rests on, such as a version. */
export function passedBefore(check, folder, also) {
  const hash = createHash('sha256').update(also);
  for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !file.parentPath.includes('/.ansible'))
    .map((file) => join(file.parentPath, file.name))
    .sort())
    hash.update(`\0${entry.slice(root.length)}\0`).update(readFileSync(entry));
  const marker = join(root, '.cache/ansible', `${check}-${hash.digest('hex').slice(0, 16)}`);
  return {
    passed: existsSync(marker),
    remember() {
      mkdirSync(join(marker, '..'), { recursive: true });
      writeFileSync(marker, '');
    },
  };
}
