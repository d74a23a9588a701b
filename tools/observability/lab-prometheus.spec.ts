import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, tempDir } from '@scalelab/testing';

const run = (args: readonly string[], env: Record<string, string> = {}) => {
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [join(__dirname, 'lab-prometheus.mjs'), ...args],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...env },
    },
  );
  return { status, stderr: stderr.trim(), stdout };
};

const kubeconfig = (server: string, user: object = { token: 'x' }) => {
  const file = join(tempDir(), 'config');
  writeFileSync(
    file,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'main', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'main',
    }),
  );
  return file;
};

test.each<[string, () => string[], RegExp]>([
  ['no kubeconfig', () => [], /^lab-prometheus: no kubeconfig: "npm start" prints the path/],
  ['a file that is not there', () => ['--kubeconfig', '/nowhere'], /^lab-prometheus: \/nowhere: ENOENT/],
  [
    'a port that is none',
    () => ['--kubeconfig', '/nowhere', '--port', '70000'],
    /^lab-prometheus: --port takes a whole number from 1 to 65535, not "70000"$/,
  ],
  ['an option that is none', () => ['--prot', '1'], /^lab-prometheus: Unknown option '--prot'/],
  [
    'a cluster instead of a lab',
    () => ['--kubeconfig', kubeconfig('https://127.0.0.1:1', { exec: {} })],
    /the kubeconfig's user has no token, so it is not a lab's$/,
  ],
])('%s: one line, exit 2', (_, args, message) => {
  const { status, stderr } = run(args());
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
  expect(stderr.split('\n')).toHaveLength(1);
});

test('a lab that has ended is named', async () => {
  const server = `https://127.0.0.1:${await freePort()}`;
  const { status, stderr } = run(['--print'], { KUBECONFIG: kubeconfig(server) });
  expect(status).toBe(2);
  expect(stderr).toContain(`${server} cannot be reached`);
});
