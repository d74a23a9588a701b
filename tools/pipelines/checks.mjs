// All checks of pipelines and GitOps, by name.
import { checkActions, checkActionVersions } from './actions.mjs';
import { checkCommands } from './commands.mjs';
import { checkEks } from './eks.mjs';
import { checkFlux } from './flux.mjs';
import { checkActionlint, checkPublishedSchemas } from './linters.mjs';
import { checkRenovate } from './renovate.mjs';
import { checkDuties, checkGitlab, checkJenkins, checkMatrices } from './stages.mjs';

const plain = (check) => async (root) => ({ problems: check(root) });

/** @type {Record<string, (root: string) => Promise<{problems: string[], skipped?: string}>>} */
export const checks = {
  'published schemas of workflows, GitLab CI and Renovate': async (root) => checkPublishedSchemas(root),
  actionlint: checkActionlint,
  'what the pipelines call': plain(checkCommands),
  'stages of every pipeline': plain(checkDuties),
  'apps in every matrix': plain(checkMatrices),
  'safety of workflows': plain((root) => [...checkActions(root), ...checkActionVersions(root)]),
  Jenkinsfile: plain(checkJenkins),
  'GitLab CI': plain(checkGitlab),
  'Flux kustomizations': async (root) => checkFlux(root),
  'EKS cluster': plain(checkEks),
  Renovate: plain((root) => checkRenovate(root)),
};

/** A check that cannot read its file has found a problem. */
export async function runCheck(name, root) {
  try {
    return await checks[name](root);
  } catch (error) {
    return { problems: [error.message] };
  }
}
