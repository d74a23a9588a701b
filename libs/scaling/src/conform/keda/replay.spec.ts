import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KedaCase, kedaFamilies } from './case';
import { replayKedaCase } from './replay';

const folder = join(__dirname, '../../../conformance/keda');
const only = process.env.FAMILY;

describe.each(kedaFamilies.filter((f) => !only || f === only))('recorded KEDA runs: %s', (family) => {
  const cases = JSON.parse(readFileSync(join(folder, `${family}.json`), 'utf8')) as KedaCase[];

  it.each(cases.map((c) => [c.name, c] as const))('answers %s as KEDA did', (_, recorded) => {
    const replay = replayKedaCase(family, recorded);
    expect(replay.passed ? undefined : replay.firstDifference).toBeUndefined();
    expect(replay.passed).toBe(true);
  });
});
