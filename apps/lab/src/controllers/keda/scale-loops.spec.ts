import type { KubeObject } from '@scalelab/kube';
import { VirtualClock } from '@scalelab/testing';
import { ScaleLoops, type ScaleLoop } from './scale-loops';

const object = (uid: string): KubeObject => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'shop', namespace: 'default', uid },
});

function world(poll: (loop: ScaleLoop<string>) => Promise<void>) {
  const clock = new VirtualClock(0);
  const errors: unknown[] = [];
  const loops = new ScaleLoops<KubeObject, string>({
    scheduler: clock,
    init: ({ metadata }) => `begun for ${metadata.uid}`,
    poll,
    onError: (key, error) => errors.push([key, error]),
  });
  return { clock, loops, errors };
}

test('a loop is polled when it is due, once', async () => {
  const polled: number[] = [];
  const { clock, loops } = world(async (loop) => {
    polled.push(clock.now());
    loops.schedule(loop, null);
  });
  loops.schedule(loops.of(object('a')), 5_000);
  await clock.advance(20_000);
  expect(polled).toEqual([5_000]);
});

test('a poll that failed before it decided is told and tried again after a second', async () => {
  const polled: number[] = [];
  const { clock, loops, errors } = world(async (loop) => {
    polled.push(clock.now());
    if (polled.length === 1) throw new Error('no answer');
    loops.schedule(loop, null);
  });
  loops.schedule(loops.of(object('a')), 5_000);
  await clock.advance(20_000);
  expect(polled).toEqual([5_000, 6_000]);
  expect(errors).toEqual([['default/shop', new Error('no answer')]]);
});

test('an object of the same name that comes later begins anew, and the old one is not woken', async () => {
  const polled: string[] = [];
  const { clock, loops } = world(async (loop) => {
    polled.push(loop.state);
    loops.schedule(loop, null);
  });
  loops.schedule(loops.of(object('a')), 5_000);
  const later = loops.of(object('b'));
  loops.schedule(later, 7_000);
  loops.forget(object('a'));
  expect(loops.get('default/shop')).toBe(later);
  await clock.advance(20_000);
  expect(polled).toEqual(['begun for b']);
});

test('nothing is woken after a stop', async () => {
  const polled: string[] = [];
  const { clock, loops } = world(async (loop) => void polled.push(loop.key));
  const loop = loops.of(object('a'));
  loops.schedule(loop, 5_000);
  loops.stop();
  loops.schedule(loop, 6_000);
  await clock.advance(20_000);
  expect(polled).toEqual([]);
});
