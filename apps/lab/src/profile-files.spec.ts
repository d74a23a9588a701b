import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { tempDir } from '@scalelab/testing';
import { profileFiles } from './profile-files';

const root = join(__dirname, '../../..');

test.each(['lab', 'lab-production'] as const)('profile %s is what the charts render for it', (profile) => {
  expect(profileFiles(root, profile).map(({ name, path }) => [name, relative(root, path)])).toEqual([
    ['backend-api', `charts/backend-api/rendered/${profile}.yaml`],
    ['data-api', `charts/data-api/rendered/${profile}.yaml`],
    ['emulators', `charts/emulators/rendered/${profile}.yaml`],
    ['health-check', `charts/health-check/rendered/${profile}.yaml`],
    ['http-demo', `charts/http-demo/rendered/${profile}.yaml`],
    ['http-demo-zero', `charts/http-demo/rendered/zero-${profile}.yaml`],
    ['interceptor', 'apps/lab/add-ons/interceptor.yaml'],
    ['kafka-consumer', `charts/kafka-consumer/rendered/${profile}.yaml`],
    ['sqs-worker', `charts/sqs-worker/rendered/${profile}.yaml`],
  ]);
});

test('emulators and add-ons are needed always', () => {
  const needed = profileFiles(root, 'lab').filter(({ always }) => always);
  expect(needed.map(({ name }) => name)).toEqual(['emulators', 'interceptor']);
});

test('a chart without renders has no part in it, nor has a render of another profile', () => {
  const folder = tempDir();
  mkdirSync(join(folder, 'charts/library'), { recursive: true });
  mkdirSync(join(folder, 'charts/web/rendered'), { recursive: true });
  for (const render of ['lab', 'eks', 'mode-keda', 'lab-production', 'blue-lab'])
    writeFileSync(join(folder, `charts/web/rendered/${render}.yaml`), '');
  const names = (profile: 'lab' | 'lab-production') => profileFiles(folder, profile).map(({ name }) => name);
  expect(names('lab')).toEqual(['web', 'web-blue']);
  expect(names('lab-production')).toEqual(['web']);
});
