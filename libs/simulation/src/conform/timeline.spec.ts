import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replayTimeline, type TimelineCase } from './timeline';

const file = join(__dirname, '../../../scaling/conformance/timelines/timelines.json');
const timelines = JSON.parse(readFileSync(file, 'utf8')) as TimelineCase[];

describe('timelines of a real cluster', () => {
  it.each(timelines.map((recorded) => [recorded.name, recorded] as const))(
    'agrees with %s',
    (_name, recorded) => {
      const { firstDifference } = replayTimeline(recorded);
      expect(firstDifference).toBeUndefined();
    },
  );

  it('does not agree with a timeline whose replicas are one more at the end', () => {
    const [recorded] = timelines as [TimelineCase];
    const last = recorded.replicas.at(-1) ?? [0, 0];
    const wrong = { ...recorded, replicas: [...recorded.replicas, [400, last[1] + 1] as const] };
    expect(replayTimeline(wrong).firstDifference?.t).toBeGreaterThan(300);
  });
});
