import { defaultControllerFlags as flags } from './controller-flags';
import type { HpaPod } from './input';
import { groupOf, PodGroup, readyPods } from './pod-groups';

const names = Object.fromEntries(Object.entries(PodGroup).map(([name, group]) => [group, name]));
const old = {
  startedSecondsAgo: 3600,
  readySinceSecondsAgo: 3500,
  metricAgeSeconds: 10,
  metricWindowSeconds: 30,
};
const young = {
  startedSecondsAgo: 200,
  readySinceSecondsAgo: 100,
  metricAgeSeconds: 10,
  metricWindowSeconds: 30,
};
const group = (pod: Omit<HpaPod, 'name'>, hasSample = true, cpu = true) =>
  names[groupOf({ name: 'p', ...pod }, hasSample, cpu, flags)];

describe('how a pod counts', () => {
  it.each<[string, Omit<HpaPod, 'name'>, boolean, string]>([
    ['running with a sample', old, true, 'ready'],
    ['running without a sample', old, false, 'missing'],
    ['deleted', { ...old, deleted: true }, true, 'ignored'],
    ['deleted while pending', { ...old, deleted: true, phase: 'Pending' }, true, 'ignored'],
    ['not deleted', { ...old, deleted: false }, true, 'ready'],
    ['failed', { ...old, phase: 'Failed' }, false, 'ignored'],
    ['pending with a sample', { ...old, phase: 'Pending' }, true, 'unready'],
    ['pending without a sample', { ...old, phase: 'Pending' }, false, 'unready'],
    ['succeeded', { ...old, phase: 'Succeeded' }, true, 'ready'],
    ['without a start time', { ...old, startedSecondsAgo: null }, true, 'unready'],
    ['without a Ready condition', { ...old, ready: null }, true, 'unready'],
  ])('%s', (_, pod, hasSample, expected) => {
    expect(group(pod, hasSample)).toBe(expected);
  });

  it.each<[string, Omit<HpaPod, 'name'>, string]>([
    ['not ready', { ...young, ready: false }, 'unready'],
    ['ready, sample covers a window since', young, 'ready'],
    [
      'sample exactly a window after ready',
      { ...young, readySinceSecondsAgo: 40, metricAgeSeconds: 10 },
      'ready',
    ],
    ['sample 1 ms short of a window after ready', { ...young, readySinceSecondsAgo: 39.999 }, 'unready'],
    ['neither ready nor not', { ...young, ready: 'Unknown' }, 'ready'],
    ['ages left out', { startedSecondsAgo: 10 }, 'ready'],
    ['only the window known', { startedSecondsAgo: 10, metricWindowSeconds: 1 }, 'unready'],
  ])('in the initialisation period, %s', (_, pod, expected) => {
    expect(group(pod)).toBe(expected);
    expect(group(pod, true, false)).toBe('ready');
  });

  it('ends the initialisation period at exactly 300 s', () => {
    const pod = { ...young, readySinceSecondsAgo: 1 };
    expect(group({ ...pod, startedSecondsAgo: 299.999 })).toBe('unready');
    expect(group({ ...pod, startedSecondsAgo: 300 })).toBe('ready');
  });

  it('after it, drops only pods that were never ready for longer than the delay', () => {
    const pod = { ...old, ready: false } as const;
    expect(group({ ...pod, readySinceSecondsAgo: 3570.001 })).toBe('unready');
    expect(group({ ...pod, readySinceSecondsAgo: 3570 })).toBe('ready');
    expect(group({ ...pod, ready: true, readySinceSecondsAgo: 3600 })).toBe('ready');
  });

  it('counts running pods with Ready=True for Value targets, deleted ones too', () => {
    expect(
      readyPods([
        { name: 'a' },
        { name: 'b', ready: true, phase: 'Running', deleted: true },
        { name: 'c', ready: false },
        { name: 'd', ready: null },
        { name: 'e', ready: 'Unknown' },
        { name: 'f', phase: 'Pending' },
        { name: 'g', phase: 'Succeeded' },
      ]),
    ).toBe(2);
  });
});
