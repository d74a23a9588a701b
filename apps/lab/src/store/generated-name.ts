import { randomInt } from 'node:crypto';

/** Without vowels and look-alikes, as Kubernetes names pods: no accidental words. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const longestName = 63;

/** Five characters for the end of a generated name. `random(n)` gives an integer below n. */
export function nameSuffix(random: (below: number) => number = randomInt): string {
  let suffix = '';
  for (let i = 0; i < suffixLength; i++) suffix += alphabet[random(alphabet.length)];
  return suffix;
}

/** A name out of `metadata.generateName`, at most 63 characters. */
export function generatedName(base: string, random?: (below: number) => number): string {
  return base.slice(0, longestName - suffixLength) + nameSuffix(random);
}
