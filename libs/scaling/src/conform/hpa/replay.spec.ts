import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HpaCase, HpaTick } from './case';
import { replayHpaCase } from './replay';

const folder = join(__dirname, '../../../conformance/hpa');
const families = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as HpaCase[]] as const);

describe.each(families)('%s', (_, cases) => {
  it.each(cases.map((c) => [c.name, c] as const))('%s', (name, recorded) => {
    const replay = replayHpaCase(recorded);
    expect(replay.firstDifference).toBeUndefined();
    expect(replay).toEqual({ name, passed: true, ticks: recorded.ticks.length });
  });
});

describe('the recorded runs', () => {
  it('are all here, and replay in well under 5 s', () => {
    const all = families.flatMap(([, cases]) => cases);
    const from = performance.now();
    const replays = all.map(replayHpaCase);
    const seconds = (performance.now() - from) / 1000;
    const recorded = all.filter((c) => !c.name.startsWith('fuzz/'));
    expect(recorded).toHaveLength(225);
    expect(recorded.flatMap((c) => c.ticks)).toHaveLength(7198);
    expect(replays.filter((r) => !r.passed)).toEqual([]);
    expect(seconds).toBeLessThan(5);
  });
});

describe('a replay', () => {
  const isTelling = (c: HpaCase) => c.ticks.some((t, i) => i > 0 && t.scaled && t.conditions !== undefined);
  const recorded = families.flatMap(([, cases]) => cases).find(isTelling);
  if (recorded === undefined) throw new Error('no recorded run scales after its first tick');
  const at = recorded.ticks.findIndex((t, i) => i > 0 && t.scaled && t.conditions !== undefined);
  const altered = (change: Partial<HpaTick>): HpaCase => ({
    ...recorded,
    ticks: recorded.ticks.map((tick, i) => (i === at ? { ...tick, ...change } : tick)),
  });

  it.each<[string, Partial<HpaTick>]>([
    ['scaled', { scaled: false }],
    ['specReplicasAfter', { specReplicasAfter: 77 }],
    ['desiredReplicas', { desiredReplicas: 77 }],
    ['currentReplicas', { currentReplicas: 77 }],
    ['proposedReplicas', { proposedReplicas: 77 }],
    ['conditions[0]', { conditions: [] }],
    ['currentMetrics[0]', { currentMetrics: [] }],
    ['events[0]', { events: ['Normal SuccessfulRescale other words'] }],
    ['error', { error: 'no such error' }],
  ])('stops at a wrong %s and tells what it got there', (field, change) => {
    const replay = replayHpaCase(altered(change));
    expect(replay).toMatchObject({ passed: false, ticks: at });
    expect(replay.firstDifference).toMatchObject({ tick: at, t: recorded.ticks[at]?.t, field });
    expect(replay.firstDifference?.got).not.toEqual(replay.firstDifference?.expected);
    expect(replay.firstDifference?.steps.length).toBeGreaterThan(0);
  });

  it('compares the defaulting of behavior before any tick', () => {
    const replay = replayHpaCase({
      ...recorded,
      hpa: { ...recorded.hpa, behavior: {} },
      effectiveBehavior: null,
    });
    expect(replay).toMatchObject({
      passed: false,
      ticks: 0,
      firstDifference: { tick: -1, field: 'effectiveBehavior' },
    });
  });

  it('holds a tick without conditions against those of the tick before', () => {
    const ticks = recorded.ticks.map((tick, i) => {
      const { conditions: _, ...rest } = tick;
      return i === at ? rest : tick;
    });
    expect(replayHpaCase({ ...recorded, ticks }).firstDifference).toMatchObject({
      tick: at,
      field: expect.stringMatching(/^conditions\[/),
    });
  });
});
