import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadManifests } from '@scalelab/manifests';
import { findTarget, generateLoad, simulate } from './index';

it('does what the README shows', () => {
  const file = join(__dirname, '../../../examples/lint/bad/spike-keeps-scaling.yaml');
  const { replicas, decisions } = simulate({
    target: findTarget(loadManifests(readFileSync(file, 'utf8'), file).objects),
    loads: [generateLoad('spike:0..200/10m,at=60s,for=20s')],
  });
  expect(replicas.slice(0, 6)).toEqual([
    [0, 0],
    [60, 1],
    [75, 4],
    [90, 8],
    [105, 10],
    [390, 1],
  ]);
  const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
  expect(readme).toContain(decisions[1]?.sentence);
});
