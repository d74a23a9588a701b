// Every pipeline goes through the same stages, for the same apps, and tells how it went.
import { serviceNames } from '../images/services.mjs';
import { gitlabFile, jenkinsFile, readText, readYaml, workflows } from './files.mjs';
import { blocksOf, shells, walk, withoutComments } from './groovy.mjs';
import { gitlabJobs, scripts } from './scripts.mjs';

/** What must be done somewhere in each pipeline. */
const duties = {
  'check the tree': /^bash \.ci\/run/m,
  'build images': /release\.mjs images (?![^\n]*--push)/,
  'push images': /release\.mjs images [^\n]*--push/,
  'sign images': /release\.mjs images [^\n]*--push[^\n]*--sign/,
  'lint and package charts': /release\.mjs charts(?![^\n]*--push)/,
  'push charts': /release\.mjs charts [^\n]*--push/,
  deploy: /release\.mjs deploy [^\n]*--test/,
  'tell of success and failure': /release\.mjs notify --status/,
};

export function checkDuties(root) {
  const pipelines = { [jenkinsFile]: [], [gitlabFile]: [], '.github/workflows': [] };
  for (const { file, script } of scripts(root))
    pipelines[file in pipelines ? file : '.github/workflows'].push(script.replace(/\s+/g, ' '));
  return Object.entries(pipelines).flatMap(([pipeline, all]) =>
    Object.entries(duties)
      .filter(([, pattern]) => !all.some((script) => pattern.test(script)))
      .map(([duty]) => `${pipeline}: does not ${duty} with tools/release.mjs`),
  );
}

function differs(name, listed, file) {
  const missing = serviceNames.filter((app) => !listed.includes(app));
  const unknown = listed.filter((app) => !serviceNames.includes(app));
  return [
    ...missing.map((app) => `${file}: ${name}: its matrix lacks ${app}`),
    ...unknown.map((app) => `${file}: ${name}: its matrix has ${app}, which has no image`),
  ];
}

export function checkMatrices(root) {
  const problems = [];
  let found = 0;
  for (const file of workflows(root))
    for (const [name, job] of Object.entries(readYaml(root, file).jobs)) {
      const apps = job.strategy?.matrix?.app;
      if (apps) found += 1;
      if (apps) problems.push(...differs(name, apps, file));
      else if (job.steps?.some(({ run }) => /release\.mjs images "\$APP"/.test(run ?? '')))
        problems.push(`${file}: ${name}: builds $APP without a matrix`);
    }
  for (const [name, job] of gitlabJobs(root)) {
    const apps = job.parallel?.matrix?.[0]?.APP;
    if (apps) found += 1;
    if (apps) problems.push(...differs(name, apps, gitlabFile));
  }
  return found >= 3 ? problems : [...problems, `only ${found} matrices of apps were found, of 3`];
}

/** The Jenkinsfile's stages, in the order in which they are asked for. */
const stages = [
  'Checkout',
  'Check',
  'Build images',
  'Push images',
  'Helm lint and package',
  'Push charts',
  'Deploy',
];

export function checkJenkins(root) {
  const problems = [];
  const say = (text) => problems.push(`${jenkinsFile}: ${text}`);
  const source = withoutComments(readText(root, jenkinsFile));
  const blocks = blocksOf(source);
  const pipeline = blocks.find(({ name }) => name === 'pipeline');
  if (!pipeline) return [`${jenkinsFile}: has no pipeline { }`];
  const section = (name) => pipeline.blocks.find((block) => block.name === name);
  const allowed = ['agent', 'environment', 'options', 'parameters', 'post', 'stages', 'tools', 'triggers'];
  for (const { name } of pipeline.blocks)
    if (!allowed.includes(name)) say(`${name} is no section of a declarative pipeline`);

  const all = walk(blocks);
  const named = all
    .filter(({ block }) => block.name === 'stage')
    .map(({ block }) => ({ stage: block.argument.replace(/['"]/g, ''), block }));
  if (named.map(({ stage }) => stage).join() !== stages.join())
    say(`stages are ${named.map(({ stage }) => stage).join(', ')}; they should be ${stages.join(', ')}`);
  for (const { stage, block } of named) {
    if (!block.blocks.some(({ name }) => name === 'steps')) say(`stage ${stage} has no steps`);
    if (!/env\.AT_STAGE = env\.STAGE_NAME/.test(block.text))
      say(`stage ${stage} does not say where it is: env.AT_STAGE`);
    const when = block.blocks.find(({ name }) => name === 'when')?.text ?? '';
    if (/--push\b|release\.mjs deploy/.test(block.text)) {
      if (!/not\s*{\s*changeRequest\(\)\s*}/.test(when)) say(`stage ${stage} runs for pull requests`);
      if (!/branch 'main'; buildingTag\(\)/.test(when)) say(`stage ${stage} runs for every branch`);
    }
  }
  for (const trigger of ['githubPush()', 'pollSCM('])
    if (!section('triggers')?.text.includes(trigger)) say(`triggers lack ${trigger}`);
  if (!/timeout\(/.test(section('options')?.text ?? '')) say('options have no timeout');
  for (const status of ['success', 'failure']) {
    const post = section('post')?.blocks.find(({ name }) => name === status);
    if (!post?.text.includes(`release.mjs notify --status ${status}`))
      say(`post { ${status} } does not tell of ${status}`);
    if (!/catchError/.test(post?.text ?? ''))
      say(`post { ${status} }: a message that nobody got changes the result`);
  }
  for (const { quote, script } of shells(source))
    if (quote.includes('"'))
      say(`sh "${script.slice(0, 40)}..." is filled in by Groovy, secrets and all: use single quotes`);
  const ids = [...source.matchAll(/credentialsId:\s*(\S+?)[,)]/g)].map(([, id]) => id);
  for (const id of ids) if (!/^'[a-z-]+'$/.test(id)) say(`credentialsId ${id} is no fixed id`);
  for (const id of ['registry', 'cosign-private-key', 'cosign-password', 'kubeconfig', 'notify-webhook'])
    if (!ids.includes(`'${id}'`)) say(`asks for no credentials ${id}`);
  if (/(password|token|secret)\s*=\s*['"]/i.test(source)) say('has a secret in the open');
  return problems;
}

export function checkGitlab(root) {
  const problems = [];
  const say = (text) => problems.push(`${gitlabFile}: ${text}`);
  const file = readYaml(root, gitlabFile);
  const jobs = new Map(gitlabJobs(root));
  const resolved = (body) => (body.extends ? { ...resolved(jobs.get(body.extends) ?? {}), ...body } : body);
  for (const [name, body] of jobs) {
    if (body.extends && !jobs.has(body.extends))
      say(`${name}: extends ${body.extends}, which does not exist`);
    if (name.startsWith('.')) continue;
    const job = resolved(body);
    if (!job.timeout) say(`${name}: no timeout`);
    if (![...file.stages, '.pre', '.post'].includes(job.stage))
      say(`${name}: there is no stage ${job.stage}`);
    for (const image of [job.image, ...(job.services ?? [])].filter(Boolean))
      if (/:latest$/.test(image) || !image.includes(':')) say(`${name}: image ${image} changes without us`);
    const script = (job.script ?? []).join('\n');
    if (/--sign\b/.test(script) && job.id_tokens?.SIGSTORE_ID_TOKEN?.aud !== 'sigstore')
      say(`${name}: signs without id_tokens SIGSTORE_ID_TOKEN with aud sigstore`);
    if (/--push\b|release\.mjs deploy.*"\$PROFILE"/.test(script) && job.interruptible !== false)
      say(`${name}: may be interrupted half-way: interruptible: false`);
    if (/release\.mjs deploy.*"\$PROFILE"/.test(script) && !(job.resource_group && job.environment?.name))
      say(`${name}: deploys without resource_group and environment`);
    if (/release\.mjs notify/.test(script) && job.allow_failure !== true)
      say(`${name}: a message that nobody got fails the pipeline`);
  }
  for (const [status, when] of [
    ['success', 'on_success'],
    ['failure', 'on_failure'],
  ]) {
    const job = jobs.get(`notify ${status}`);
    if (
      !job?.script?.join('\n').includes(`--status ${status}`) ||
      !job.rules.every((rule) => rule.when === when)
    )
      say(`notify ${status}: tells --status ${status} with when: ${when}`);
  }
  return problems;
}
