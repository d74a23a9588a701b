// Which version this checkout is: everything that is pushed or deployed is named after it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../node.mjs';
import { run } from './program.mjs';
import { StepError } from './step-error.mjs';

const semver = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$/;

/**
 * @typedef {object} Version
 * @property {string} tag of images
 * @property {string} chart version of charts, always SemVer
 * @property {string} commit full hash
 * @property {boolean} dirty whether files differ from the commit, new ones included: an image might hold them
 */

/**
 * A release tag `v1.2.3` gives images `1.2.3` and charts `1.2.3`. Any other commit gives images `<branch>-<seconds>-<hash>`, which sort
 * by the time of the commit (an image policy needs an order), and charts `<version of package.json>-<branch>.<seconds>.g<hash>`.
 * @returns {Promise<Version>}
 */
export async function versionOfCheckout({ ref = process.env.RELEASE_REF, cwd = root } = {}) {
  const git = async (args, cure) =>
    (await run('git', args, { step: 'version', quiet: true, cwd, cure })).stdout.trim();
  const checkout = 'run this in a clone of the repository with at least its newest commit';
  const commit = await git(['rev-parse', 'HEAD'], checkout);
  const seconds = await git(['log', '-1', '--format=%ct'], checkout);
  const dirty = (await git(['status', '--porcelain'], checkout)) !== '';
  const names = ref
    ? [ref]
    : (await git(['tag', '--points-at', 'HEAD', '--list', 'v*'], checkout)).split('\n');
  for (const name of names) {
    const number = name.replace(/^refs\/tags\//, '').replace(/^v/, '');
    if (semver.test(number) && name !== number) return { tag: number, chart: number, commit, dirty };
  }
  const branch = ref ?? (await git(['rev-parse', '--abbrev-ref', 'HEAD'], checkout));
  const slug = branch
    .replace(/^refs\/(heads|tags)\//, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const { version } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'));
  const short = commit.slice(0, 7);
  return {
    tag: `${slug || 'head'}-${seconds}-${short}`,
    chart: `${version}-${slug || 'head'}.${seconds}.g${short}`,
    commit,
    dirty,
  };
}

/** Nothing leaves this machine under the name of a commit that it is not. */
export function refuseDirty(version, step) {
  if (version.dirty)
    throw new StepError(
      step,
      `the checkout differs from commit ${version.commit.slice(0, 7)}, but would be pushed as ${version.tag}`,
      'commit or discard the changes (git status names them)',
      { code: 'input' },
    );
}

/** @returns {string | null} what is wrong with an image tag, or null */
export function tagProblem(tag) {
  if (tag === 'latest') return 'latest names another image tomorrow: no rollback could find it';
  if (tag.endsWith('-dirty')) return 'it names files that no commit has';
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag))
    return 'letters, digits, _ . - are allowed, at most 128';
  return null;
}

/** @returns {string | null} what is wrong with a chart version, or null */
export function chartVersionProblem(version) {
  return semver.test(version)
    ? null
    : 'charts need SemVer without build metadata, for example 1.2.3 or 1.2.3-main.4';
}
