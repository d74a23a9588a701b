import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tempDir } from '@scalelab/testing';
import { labBundle, nodeEnvironment, root } from './running-lab';

const env = { ...process.env, ...nodeEnvironment };

/** What a lab says that is not to start. */
function refused(...args: string[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [labBundle(), '--no-defaults', ...args], {
    encoding: 'utf8',
    env,
    timeout: 20_000,
  });
  return { status, stderr, stdout };
}

function file(content: string): string {
  const path = join(tempDir(), 'mine.yaml');
  writeFileSync(path, content);
  return path;
}

const scaled = (trigger: string) => `apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: mine }
spec:
  scaleTargetRef: { name: mine }
  triggers:
    - ${trigger}
`;

test.each([
  ['a manifest that does not parse', 'kind: [Deployment\nmetadata: {}\n', /mine\.yaml:2: YAML: /],
  [
    'an unknown trigger',
    scaled('{ type: kafkaa, metadata: {} }'),
    /mine\.yaml:7: spec\.triggers\[0\]\.type: .*"kafkaa".*kafka/,
  ],
  [
    'an unknown field',
    scaled('{ type: cpu, metadta: {} }'),
    /mine\.yaml:7: spec\.triggers\[0\]\.metadta: unknown field; did you mean "metadata"\?/,
  ],
])('%s: exit 2 with file, line and what is allowed', (_what, content, message) => {
  const { status, stderr, stdout } = refused('--manifests', file(content));
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(status).toBe(2);
  expect(stdout).toBe('');
});

test('every fault is told at once, and no run folder is made for a lab that does not start', () => {
  const before = runFolders();
  const { status, stderr } = refused(
    '--manifests',
    file(scaled('{ type: nats, metadata: {} }')),
    '--manifests',
    '/nowhere/at-all.yaml',
  );
  expect(status).toBe(2);
  expect(stderr).toContain('/nowhere/at-all.yaml: cannot be read: ENOENT');
  expect(runFolders()).toEqual(before);
});

const runFolders = () => readdirSync(tmpdir()).filter((name) => /^scalelab-[A-Za-z0-9]{6}$/.test(name));

test.each([
  [['--speed', 'fast'], '--speed takes demo or production, not "fast"\n'],
  [['--port', '65536'], '--port takes a whole number from 0 to 65535, not "65536"\n'],
  [['--image', 'web'], '--image takes NAME=COMMAND, not "web"\n'],
  [['--manifest', 'x'], "Unknown option '--manifest'\n"],
])('the lab refuses %j in one line', (args, message) => {
  expect(refused(...args)).toEqual({ status: 2, stderr: message, stdout: '' });
});

test.each([
  [['--speed', 'fast'], 'scalelab: --speed takes demo or production, not "fast"\n'],
  [['--idle', '--once'], 'scalelab: --idle and --once exclude each other: idle runs until it is stopped\n'],
])('npm start -- %s %s: exit 2 and one line', (args, message) => {
  // What `npm start` runs, without npm's own echo of the command.
  const { status, stderr, stdout } = spawnSync(process.execPath, [join(root, 'tools/start.mjs'), ...args], {
    encoding: 'utf8',
    env,
    timeout: 60_000,
  });
  expect(stderr.replace(/^scalelab: (building|built|installing|installed).*\n/gm, '')).toBe(message);
  expect(stdout).toBe('');
  expect(status).toBe(2);
});
