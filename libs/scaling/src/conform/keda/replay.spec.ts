import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type KedaCase, kedaFamilies } from './case';
import { replayKedaCase } from './replay';

const folder = join(__dirname, '../../../conformance/keda');
const only = process.env.FAMILY;

describe.each(kedaFamilies.filter((f) => !only || f === only))('recorded KEDA runs: %s', (family) => {
  const cases = JSON.parse(readFileSync(join(folder, `${family}.json`), 'utf8')) as KedaCase[];

  it(`answers all ${cases.length} cases as KEDA did`, () => {
    const failures = cases.flatMap((recorded) => {
      const replay = replayKedaCase(family, recorded);
      return replay.passed ? [] : [{ name: recorded.name, ...replay.firstDifference }];
    });
    expect(failures).toEqual([]);
  });
});
