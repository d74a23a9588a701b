import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@scalelab/testing';
import { build } from 'esbuild';

const credential = {
  apiVersion: 'client.authentication.k8s.io/v1',
  kind: 'ExecCredential',
  status: { token: 'from-plugin' },
};
const exec = {
  apiVersion: 'client.authentication.k8s.io/v1',
  command: 'echo',
  args: [JSON.stringify(credential)],
  interactiveMode: 'Never',
};
const entry = `
  import { connectionFromKubeconfig } from './kubeconfig';
  connectionFromKubeconfig(process.argv[2] ?? '')
    .requestOptions()
    .then(({ headers }) => console.log(JSON.stringify(headers)));
`;

describe('a kubeconfig with a credential plugin', () => {
  it('is read through the official client, bundled as the apps are', async () => {
    const folder = tempDir();
    const config = {
      clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:6443' } }],
      users: [{ name: 'u', user: { exec } }],
      contexts: [{ name: 'main', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'main',
    };
    writeFileSync(join(folder, 'config'), JSON.stringify(config));
    await build({
      stdin: { contents: entry, resolveDir: __dirname, loader: 'ts' },
      outfile: join(folder, 'entry.cjs'),
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      logLevel: 'error',
      define: { 'import.meta.url': '__bundleUrl' },
      banner: { js: "const __bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
    });
    const words = [join(folder, 'entry.cjs'), join(folder, 'config')];
    const output = execFileSync(process.execPath, words, { encoding: 'utf8' });
    expect(JSON.parse(output)).toMatchObject({ Authorization: 'Bearer from-plugin' });
  });
});
