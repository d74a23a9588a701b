import { defaultBehavior } from './defaults';
import { stabilizeLegacy, stabilizeWithBehavior } from './recommendations';
import type { Behavior } from './spec';

const now = 1_000_000;
const ago = (seconds: number, replicas: number) => ({ replicas, atMs: now - seconds * 1000 });

describe('without behavior', () => {
  it('takes the highest of the window and says until when it holds', () => {
    const { trace } = stabilizeLegacy([ago(200, 9), ago(100, 9), ago(50, 4)], 2, now, 300);
    expect(trace).toEqual({ path: 'legacy', from: 2, to: 9, windowSeconds: 300, heldUntilMs: now + 200_000 });
  });

  it('counts an entry exactly as old as the window, and none older', () => {
    expect(stabilizeLegacy([ago(300, 9)], 2, now, 300).trace).toMatchObject({ to: 9, heldUntilMs: now });
    expect(stabilizeLegacy([ago(300.001, 9)], 2, now, 300).trace).toEqual({
      path: 'legacy',
      from: 2,
      to: 2,
      windowSeconds: 300,
    });
  });

  it('holds nothing when this count is the highest', () => {
    expect(stabilizeLegacy([ago(10, 9), ago(5, 3)], 9, now, 300).trace).not.toHaveProperty('heldUntilMs');
  });

  it('keeps old entries and reuses the last slot that is too old', () => {
    const entries = [ago(400, 1), ago(350, 2), ago(20, 3)];
    const { recommendations } = stabilizeLegacy(entries, 7, now, 300);
    expect(recommendations).toEqual([entries[0], { replicas: 7, atMs: now }, entries[2]]);
    expect(stabilizeLegacy([ago(20, 3)], 7, now, 300).recommendations).toEqual([ago(20, 3), ago(0, 7)]);
    expect(entries).toHaveLength(3);
  });
});

describe('with behavior', () => {
  const stabilize = (
    entries: ReturnType<typeof ago>[],
    wanted: number,
    current: number,
    behavior: Behavior,
    down = 300,
  ) => {
    const filled = defaultBehavior(behavior);
    if (filled === null) throw new Error('no behavior');
    return stabilizeWithBehavior(entries, wanted, current, now, filled, down);
  };
  const up60 = { scaleUp: { stabilizationWindowSeconds: 60 } };

  it('goes up at most to the lowest of the scaleUp window', () => {
    expect(stabilize([ago(59.999, 3), ago(30, 8)], 10, 2, up60).trace).toEqual({
      path: 'behavior',
      from: 10,
      to: 3,
      windowSeconds: 60,
      heldUntilMs: now + 1,
    });
    expect(stabilize([ago(60, 3), ago(30, 8)], 10, 2, up60).trace).toMatchObject({
      to: 8,
      heldUntilMs: now + 30_000,
    });
  });

  it('goes down at most to the highest of the scaleDown window', () => {
    expect(stabilize([ago(299.999, 6), ago(10, 4)], 2, 9, {}).trace).toEqual({
      path: 'behavior',
      from: 2,
      to: 6,
      windowSeconds: 300,
      heldUntilMs: now + 1,
    });
    expect(stabilize([ago(300, 6), ago(10, 4)], 2, 9, {}).trace).toMatchObject({
      to: 4,
      heldUntilMs: now + 290_000,
    });
  });

  it('never moves against the wanted direction: a past peak does not lift the count', () => {
    expect(stabilize([ago(10, 20)], 2, 5, {}).trace).toMatchObject({ from: 2, to: 5 });
    expect(stabilize([ago(10, 20)], 5, 5, {}).trace).toEqual({
      path: 'behavior',
      from: 5,
      to: 5,
      windowSeconds: 0,
    });
  });

  it('names the latest of equal entries as the one that holds', () => {
    expect(stabilize([ago(200, 6), ago(100, 6), ago(150, 6)], 2, 9, {}).trace.heldUntilMs).toBe(
      now + 200_000,
    );
    expect(stabilize([ago(50, 3), ago(20, 3), ago(30, 3)], 9, 2, up60).trace.heldUntilMs).toBe(now + 40_000);
  });

  it('reuses a slot only when neither window needs it', () => {
    const entries = [ago(100, 4), ago(59, 5)];
    expect(stabilize(entries, 7, 5, up60, 30).recommendations).toEqual([ago(0, 7), entries[1]]);
    expect(stabilize(entries, 7, 5, up60, 101).recommendations).toEqual([...entries, ago(0, 7)]);
    // Exactly as old as both windows: used by neither, but its slot stays.
    expect(stabilize([ago(60, 4)], 7, 5, up60, 60).recommendations).toEqual([ago(60, 4), ago(0, 7)]);
  });
});
