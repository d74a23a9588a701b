import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@scalelab/testing';
import { ManifestsError, readManifests } from './manifest-source';
import { profileFiles, type ProfileFile } from './profile-files';

const root = join(__dirname, '../../..');
const lab = profileFiles(root, 'lab');
const names = (profile: readonly ProfileFile[], only: readonly string[] = [], more: readonly string[] = []) =>
  readManifests({ profile, only, more }).map(({ object }) => `${object.kind}/${object.metadata.name}`);

test.each(['lab', 'lab-production'] as const)('every manifest of the %s profile is valid', (profile) => {
  expect(names(profileFiles(root, profile)).length).toBeGreaterThan(40);
});

test('--only keeps the files of the workloads named, the emulators and the way in', () => {
  const kept = names(lab, ['sqs-worker-api']);
  expect(kept).toContain('HorizontalPodAutoscaler/sqs-worker-api');
  expect(kept).toContain('ScaledObject/sqs-worker');
  expect(kept).toContain('Deployment/emulators');
  expect(kept).not.toContain('Deployment/http-demo');
});

test('without a profile there is what was asked for, and nothing else', () => {
  const file = join(tempDir(), 'a.yaml');
  writeFileSync(file, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n');
  expect(names([], [], [file])).toEqual(['ConfigMap/a']);
});

test('faults of all files come at once, each with file and line', () => {
  const folder = tempDir();
  const scaled =
    'apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\nspec:\n  scaleTargetRef: {name: a}\n';
  writeFileSync(join(folder, 'a.yaml'), `${scaled}  triggers: [{type: kafkaa, metadata: {}}]\n`);
  writeFileSync(join(folder, 'b.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndta: {}\n');
  let message = '';
  try {
    readManifests({ profile: lab, only: [], more: [folder] });
  } catch (error) {
    expect(error).toBeInstanceOf(ManifestsError);
    message = (error as Error).message;
  }
  expect(message).toMatch(/a\.yaml:6: spec\.triggers\[0\]\.type: .*"kafkaa".*/);
  expect(message).toMatch(/b\.yaml:4: dta: unknown field; did you mean "data"\?/);
});

test('a missing file is named', () => {
  expect(() => names(lab, [], ['/nowhere.yaml'])).toThrow('/nowhere.yaml: cannot be read: ENOENT');
});
