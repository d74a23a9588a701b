import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '@scalelab/testing';
import { connectionFromKubeconfig, type Kubeconfig } from './kubeconfig';

const config = (user: object, cluster: object = {}): Kubeconfig => ({
  clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:6443', ...cluster } }],
  users: [{ name: 'u', user }],
  contexts: [
    { name: 'main', context: { cluster: 'c', user: 'u', namespace: 'shop' } },
    { name: 'broken', context: { cluster: 'none', user: 'u' } },
  ],
  'current-context': 'main',
});

describe('connectionFromKubeconfig', () => {
  it('takes a token, the authority and the namespace', async () => {
    const ca = Buffer.from('PEM').toString('base64');
    const connection = connectionFromKubeconfig(
      config({ token: 'secret' }, { 'certificate-authority-data': ca, 'tls-server-name': 'api' }),
    );
    expect([connection.server.href, connection.namespace]).toEqual(['https://127.0.0.1:6443/', 'shop']);
    expect(await connection.requestOptions()).toEqual({
      ca: Buffer.from('PEM'),
      servername: 'api',
      headers: { authorization: 'Bearer secret' },
    });
  });

  it('reads a file and what it points to, relative to itself, and a token file anew each time', async () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'ca.pem'), 'AUTHORITY');
    writeFileSync(join(folder, 'token'), 'first\n');
    writeFileSync(
      join(folder, 'config'),
      JSON.stringify(config({ tokenFile: 'token' }, { 'certificate-authority': 'ca.pem' })),
    );
    const connection = connectionFromKubeconfig(join(folder, 'config'));
    expect(await connection.requestOptions()).toEqual({
      ca: Buffer.from('AUTHORITY'),
      headers: { authorization: 'Bearer first' },
    });
    writeFileSync(join(folder, 'token'), 'second');
    expect((await connection.requestOptions()).headers).toEqual({ authorization: 'Bearer second' });
  });

  it('takes client certificates and passwords', async () => {
    const user = {
      'client-certificate-data': Buffer.from('C').toString('base64'),
      'client-key-data': Buffer.from('K').toString('base64'),
    };
    expect(await connectionFromKubeconfig(config(user)).requestOptions()).toEqual({
      cert: Buffer.from('C'),
      key: Buffer.from('K'),
      headers: {},
    });
    const basic = await connectionFromKubeconfig(
      config({ username: 'a', password: 'b' }, { 'insecure-skip-tls-verify': true }),
    ).requestOptions();
    expect(basic).toEqual({ rejectUnauthorized: false, headers: { authorization: 'Basic YTpi' } });
  });

  it.each([
    [
      { ...config({}), 'current-context': undefined } as unknown as Kubeconfig,
      undefined,
      'current-context is missing',
    ],
    [config({}), 'absent', 'no context "absent"; there are: main, broken'],
    [config({}), 'broken', 'no cluster "none"; there are: c'],
    [config({}, { server: 'ftp://x' }), undefined, 'cluster.server "ftp://x"; allowed: an http or https URL'],
  ])('names what is wrong (%#)', (broken, context, message) => {
    expect(() => connectionFromKubeconfig(broken, context === undefined ? {} : { context })).toThrow(message);
  });

  it('names a file that cannot be read', () => {
    expect(() => connectionFromKubeconfig('/nowhere/config')).toThrow(
      'kubeconfig /nowhere/config: Error: ENOENT',
    );
    const path = join(tempDir(), 'config');
    writeFileSync(path, 'just text');
    expect(() => connectionFromKubeconfig(path)).toThrow(
      'expected a mapping with clusters, users and contexts',
    );
  });
});
