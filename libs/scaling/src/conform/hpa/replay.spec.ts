import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HpaCase } from './case';
import { replayHpaCase } from './replay';

const folder = join(__dirname, '../../../conformance/hpa');
const families = readdirSync(folder).filter((f) => f.endsWith('.json'));

describe.each(families)('%s', (family) => {
  const cases = JSON.parse(readFileSync(join(folder, family), 'utf8')) as HpaCase[];
  it.each(cases.map((c) => [c.name, c] as const))('%s', (_, recorded) => {
    const replay = replayHpaCase(recorded);
    expect(replay.firstDifference).toBeUndefined();
    expect(replay).toEqual({ name: recorded.name, passed: true, ticks: recorded.ticks.length });
  });
});
