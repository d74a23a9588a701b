import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const tool = join(__dirname, '../images.mjs');
let folder: string;

/** A docker that records its calls; `behaviour` is a shell snippet that sees the arguments as "$*". */
function images(args: string[], behaviour: string) {
  const docker = join(folder, 'bin/docker');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(docker, `#!/bin/sh\necho "$*" >> ${folder}/calls\ncase "$*" in ${behaviour} esac\nexit 0\n`);
  chmodSync(docker, 0o755);
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', SCALELAB_DOCKER: docker },
  });
  return { status, stdout, stderr, calls: readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') };
}

const version =
  '--version) echo "Docker version 28.2.2, build x";; inspect*) echo \'[{"Size":150000000}]\';;';

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'scalelab-images-spec-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('npm run images, with a docker that plays a part', () => {
  it('builds, says size and saves', () => {
    const { status, stdout, calls } = images(
      ['http-demo', '--tag', '7', '--save', join(folder, 'out')],
      version,
    );
    expect({ status, saved: calls.at(-1) }).toEqual({
      status: 0,
      saved: `save --output ${folder}/out/http-demo.tar ghcr.io/scalelab/http-demo:7`,
    });
    expect(stdout).toMatch(/images: ghcr\.io\/scalelab\/http-demo:7 \(.* s, 150\.0 MB\)/);
    expect(calls.filter((call) => call.startsWith('buildx build'))).toHaveLength(1);
  });

  it.each([
    [
      'a base image that cannot be pulled',
      ['http-demo'],
      'buildx?build*) echo "ERROR: failed to solve: node:24: failed to resolve source metadata for docker.io/library/node:24: no such host" >&2; exit 1;;',
      'a base image cannot be pulled (node:24.21.0-bookworm-slim@sha256:',
    ],
    [
      'a push that is refused',
      ['http-demo', '--push'],
      'buildx?build*) echo "#9 pushing layers" >&2; echo "ERROR: failed to push ghcr.io/scalelab/http-demo:1: denied: permission_denied" >&2; exit 1;;',
      'ghcr.io/scalelab refused the push: "docker login ghcr.io"',
    ],
    [
      'a builder without attestations',
      ['http-demo', '--push'],
      'buildx?build*) echo "ERROR: Attestation is not supported for the docker driver." >&2; exit 1;;',
      'docker buildx create --use --driver docker-container',
    ],
    [
      'a network whose certificate npm does not trust',
      ['http-demo'],
      'buildx?build*) echo "#9 npm error code SELF_SIGNED_CERT_IN_CHAIN" >&2; exit 1;;',
      'set NODE_EXTRA_CA_CERTS or SSL_CERT_FILE',
    ],
    [
      'a full disk',
      ['http-demo'],
      'buildx?build*) echo "ERROR: write /x: no space left on device" >&2; exit 1;;',
      'the disk is full',
    ],
    [
      'something unknown',
      ['http-demo'],
      'buildx?build*) echo "ERROR: strange" >&2; exit 1;;',
      'http-demo was not built: docker says why above',
    ],
    [
      'a daemon that is away',
      ['http-demo'],
      'version*) echo "Cannot connect to the Docker daemon" >&2; exit 1;;',
      'the Docker daemon does not answer (Cannot connect to the Docker daemon): start it, or set DOCKER_HOST',
    ],
    [
      'a client without buildx',
      ['http-demo'],
      'buildx*) exit 1;;',
      'without the buildx plugin: install docker-buildx-plugin',
    ],
  ])('says what to do about %s', (_name, args, behaviour, message) => {
    const { status, stderr } = images(args, `${behaviour} ${version}`);
    expect(status).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('ends with 2 and the usage on a wrong option', () => {
    const { status, stderr } = spawnSync(process.execPath, [tool, '--registry', 'NO'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^images: --registry is "NO".*\nusage: npm run images/);
  });
});
