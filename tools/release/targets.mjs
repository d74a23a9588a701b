// What is deployed where: the rows of charts/*/rendered, in the order in which they are installed.
import { profiles, releases } from '../charts/releases.mjs';

/** What others need goes first; what checks others goes last. */
const order = [
  'emulators',
  'http-demo',
  'http-demo-zero',
  'sqs-worker',
  'kafka-consumer',
  'backend-api',
  'data-api',
  'health-check',
];

/** Profiles of the lab are rendered for a control plane of its own. */
export const deployable = profiles.filter((profile) => !profile.startsWith('lab'));

/**
 * @param {string} profile one of `deployable`
 * @returns {{release: string, chart: string, namespace: string, values: string[], wait: boolean}[]}
 */
export function targets(profile) {
  return releases()
    .filter(({ file }) => file === `${profile}.yaml` || file === `zero-${profile}.yaml`)
    .map(({ release, chart, namespace, values }) => ({
      release,
      chart,
      namespace,
      values,
      // Its volume is only bound when its first job runs: waiting for it would never end.
      wait: chart !== 'health-check',
    }))
    .sort((a, b) => order.indexOf(a.release) - order.indexOf(b.release));
}

export const releaseNames = order;
