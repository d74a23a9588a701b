import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluate } from './testing/evaluate';

const dockerfile = readFileSync(join(__dirname, '../../Dockerfile'), 'utf8');
const nodeVersion = /^ARG NODE_IMAGE=node:([\d.]+)-/m.exec(dockerfile)?.[1];
const problems = (text: string) =>
  evaluate(
    'images/dockerfile-rules.mjs',
    'm.dockerfileProblems(input.text, { nodeVersion: input.nodeVersion })',
    {
      text,
      nodeVersion,
    },
  ) as string[];

/** The Dockerfile with one thing wrong. */
function broken(from: string | RegExp, to: string): string[] {
  const text = dockerfile.replace(from, to);
  expect(text).not.toBe(dockerfile);
  return problems(text);
}

describe('rules of the Dockerfile', () => {
  it('are kept', () => {
    expect(problems(dockerfile)).toEqual([]);
  });

  it.each<[string, string | RegExp, string, string]>([
    ['a syntax line', /^/, '# syntax=docker/dockerfile:1\n', 'Dockerfile:1: a parser directive'],
    ['a base without digest', /(bookworm-slim)@sha256:\w+/, '$1', 'NODE_IMAGE has no digest'],
    ['a base by latest', 'cc-debian12:nonroot', 'cc-debian12:latest', 'RUNTIME_IMAGE has the tag latest'],
    ['another Node than the lockfile', /node:[\d.]+-/, 'node:24.0.0-', "the lockfile's Node is"],
    ['a foreign image', 'FROM ${RUNTIME_IMAGE}', 'FROM alpine:3', 'FROM alpine:3: only ${NODE_IMAGE}'],
    ['a user by name', 'USER 1000:1000\nSTOPSIGNAL', 'USER node\nSTOPSIGNAL', 'USER must be 1000:1000'],
    ['root', 'USER 1000:1000\nSTOPSIGNAL', 'USER 0:0\nSTOPSIGNAL', 'USER must be 1000:1000'],
    [
      'a shell as process 1',
      /ENTRYPOINT .*/,
      'ENTRYPOINT node /app/main.cjs',
      'ENTRYPOINT must be the exec form',
    ],
    [
      'a health check by curl',
      /CMD \["\/usr\/local\/bin\/node", "\/app\/healthcheck.cjs"\]/,
      'CMD curl localhost',
      'HEALTHCHECK must be',
    ],
    ['no health check', /^HEALTHCHECK.*$/m, '', 'HEALTHCHECK must be'],
    ['no compile cache', 'NODE_COMPILE_CACHE=', 'OTHER=', 'NODE_COMPILE_CACHE'],
    ['a missing label', 'image.revision=', 'image.other=', 'no label org.opencontainers.image.revision'],
    ['npm install', 'npm ci', 'npm install', 'npm install may change versions'],
    ['install scripts', '--ignore-scripts ', '', '--ignore-scripts'],
    [
      'no cache mount',
      '--mount=type=cache,id=scalelab-npm,target=/root/.npm,sharing=locked',
      '--mount=type=tmpfs,target=/x',
      'without a cache mount',
    ],
    ['a heredoc', 'COPY . .\nRUN mkdir', 'COPY . .\nRUN <<EOF\necho\nEOF\nRUN mkdir', 'heredocs need'],
    ['COPY --link', 'COPY --from=warm --chown=0:0', 'COPY --link --from=warm', 'COPY --link'],
    ['ADD', 'COPY . .\nRUN node', 'ADD https://x.example/y /y\nCOPY . .\nRUN node', 'ADD fetches'],
    [
      'a secret in ARG',
      'ARG REVISION=unknown',
      'ARG REVISION=unknown\nARG NPM_TOKEN=x',
      'a secret in the image',
    ],
    ['RUN in the last stage', 'WORKDIR /app\nENV', 'WORKDIR /app\nRUN true\nENV', 'RUN in the last stage'],
  ])('refuse %s', (_name, from, to, message) => {
    expect(broken(from, to)).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
  });
});
