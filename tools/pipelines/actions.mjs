// GitHub Actions: what the schema and actionlint do not ask for.
import { readText, readYaml, workflows } from './files.mjs';

export function checkActions(root) {
  return workflows(root).flatMap((file) => {
    const text = readText(root, file);
    const workflow = readYaml(root, file);
    const problems = [];
    const say = (message) => problems.push(`${file}: ${message}`);

    if (!workflow.permissions) say('has no permissions of its own: those of the repository may be anything');
    else if (workflow.permissions === 'write-all' || Object.values(workflow.permissions).includes('write'))
      say('gives write permission to every job: give it to the job that needs it');
    if (!workflow.concurrency) say('has no concurrency: two runs may push over each other');
    if (workflow.on?.pull_request_target !== undefined)
      say('pull_request_target runs foreign code with our secrets');

    for (const line of text.split('\n')) {
      const [, action, ref, comment] = /uses:\s*([^@\s]+)@(\S+)(?:\s+#\s*(\S+))?/.exec(line) ?? [];
      if (!action) continue;
      if (!/^[0-9a-f]{40}$/.test(ref)) say(`${action}@${ref} is no commit: tags can be moved`);
      else if (!/^v\d+\.\d+\.\d+$/.test(comment ?? ''))
        say(
          `${action}@${ref.slice(0, 7)} has no comment with its version: nobody, and no bot, knows what it is`,
        );
    }

    for (const [name, job] of Object.entries(workflow.jobs)) {
      if (job.uses) continue;
      if (!job['timeout-minutes']) say(`${name}: no timeout-minutes: a hang costs six hours`);
      if (/latest/.test(job['runs-on'])) say(`${name}: runs-on ${job['runs-on']} changes without us`);
      for (const step of job.steps) {
        if (step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false)
          say(`${name}: checkout leaves its token in .git/config: persist-credentials: false`);
        if (/\$\{\{/.test(step.run ?? ''))
          say(`${name}: an expression in a script is an injection: pass it by env`);
        if (/--sign\b/.test(step.run ?? '') && job.permissions?.['id-token'] !== 'write')
          say(`${name}: signs without permission id-token: write`);
        if (/--push\b/.test(step.run ?? '') && job.permissions?.packages !== 'write')
          say(`${name}: pushes without permission packages: write`);
      }
      const scopes = Object.entries(job.permissions ?? {}).filter(([, access]) => access === 'write');
      const uses = job.steps.map(({ run = '' }) => run).join('\n');
      for (const [scope] of scopes)
        if (!(scope === 'id-token' ? /--sign\b/ : /--push\b/).test(uses))
          say(`${name}: has ${scope}: write and does not use it`);
    }
    return problems;
  });
}

/** The same action is the same version everywhere. */
export function checkActionVersions(root) {
  const seen = new Map();
  const problems = [];
  for (const file of workflows(root))
    for (const [, action, ref] of readText(root, file).matchAll(/uses:\s*([^@\s]+)@(\S+)/g)) {
      if ((seen.get(action) ?? ref) !== ref)
        problems.push(`${file}: ${action} is ${ref} here and ${seen.get(action)} elsewhere`);
      seen.set(action, ref);
    }
  return problems;
}
