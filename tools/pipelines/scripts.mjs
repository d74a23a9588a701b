// Every shell script of every pipeline, with where it stands.
import { gitlabFile, jenkinsFile, readText, readYaml, workflows } from './files.mjs';
import { shells, withoutComments } from './groovy.mjs';

/** @typedef {{file: string, at: string, script: string, folder: string}} Script */

/** @returns {Script[]} */
export function scripts(root) {
  return [...actionScripts(root), ...gitlabScripts(root), ...jenkinsScripts(root)];
}

function actionScripts(root) {
  return workflows(root).flatMap((file) =>
    Object.entries(readYaml(root, file).jobs ?? {}).flatMap(([job, { steps = [] }]) =>
      steps
        .filter(({ run }) => run !== undefined)
        .map((step, index) => ({
          file,
          at: `${job}, ${step.name ?? `script ${index + 1}`}`,
          script: step.run,
          folder: step['working-directory'] ?? '.',
        })),
    ),
  );
}

/** Names of GitLab's file that are no jobs. */
const keywords = ['stages', 'workflow', 'default', 'variables', 'include', 'image', 'services', 'cache'];

export function gitlabJobs(root) {
  return Object.entries(readYaml(root, gitlabFile)).filter(([name]) => !keywords.includes(name));
}

function gitlabScripts(root) {
  return gitlabJobs(root).flatMap(([job, body]) =>
    ['before_script', 'script', 'after_script'].flatMap((part) =>
      (body[part] ?? []).map((script) => ({ file: gitlabFile, at: job, script, folder: '.' })),
    ),
  );
}

function jenkinsScripts(root) {
  return shells(withoutComments(readText(root, jenkinsFile))).map(({ script }, index) => ({
    file: jenkinsFile,
    at: `sh ${index + 1}`,
    script,
    folder: '.',
  }));
}
