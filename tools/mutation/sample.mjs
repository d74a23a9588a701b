// A sample of mutants: each is in or out by a hash of what and where it is, so that two runs try the same ones.
import { createHash } from 'node:crypto';

/**
 * @param {{fileName: string, location: object, mutatorName: string, replacement: string}} mutant its location as in reports: from line 1
 * @param {{share: number, seed: string} | undefined} sample a share of 0 to 1, another one for each seed; undefined: all
 */
export function inSample({ fileName, location, mutatorName, replacement }, sample) {
  if (sample === undefined) return true;
  const { start, end } = location;
  const what = [
    sample.seed,
    fileName,
    start.line,
    start.column,
    end.line,
    end.column,
    mutatorName,
    replacement,
  ].join('\0');
  return createHash('sha256').update(what).digest().readUInt32BE(0) / 2 ** 32 < sample.share;
}
