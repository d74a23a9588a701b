import { VirtualClock } from './virtual-clock';

test('wake-ups fire in order of time, then of registration, at their own time', async () => {
  const clock = new VirtualClock(100);
  const seen: [string, number][] = [];
  clock.wakeAt(130, () => seen.push(['late', clock.now()]));
  clock.wakeAt(110, () => seen.push(['first', clock.now()]));
  clock.wakeAt(110, () => seen.push(['second', clock.now()]));
  await clock.advance(50);
  expect(seen).toEqual([
    ['first', 110],
    ['second', 110],
    ['late', 130],
  ]);
  expect(clock.now()).toBe(150);
});

test('a wake-up set during an advance fires in the same advance when it is due', async () => {
  const clock = new VirtualClock();
  const seen: number[] = [];
  const tick = () => {
    seen.push(clock.now());
    clock.wakeAt(clock.now() + 15, tick);
  };
  clock.wakeAt(15, tick);
  await clock.advance(50);
  expect(seen).toEqual([15, 30, 45]);
  expect(clock.pending).toBe(1);
});

test('a cancelled wake-up does not fire', async () => {
  const clock = new VirtualClock();
  const wake = jest.fn();
  clock.wakeAt(10, wake)();
  await clock.advance(20);
  expect(wake).not.toHaveBeenCalled();
});
