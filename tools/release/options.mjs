// The command line of tools/release.mjs, as data: the help, the parser and the check of the pipelines all read it.
import { charts } from '../charts/releases.mjs';
import { serviceNames } from '../images/services.mjs';
import { deployable, releaseNames } from './targets.mjs';
import { chartVersionProblem, tagProblem } from './version.mjs';
import { StepError } from './step-error.mjs';

const text = (about, extra = {}) => ({ about, value: 'TEXT', ...extra });
const flag = (about) => ({ about });

const registry = text('host and path of images, without a scheme', {
  value: 'REGISTRY',
  default: 'ghcr.io/scalelab',
  problem: (value) =>
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/.test(value)
      ? null
      : 'for example ghcr.io/scalelab: lower case, no https://',
});
const tag = text('of images; by default named after the commit, see `version`', {
  value: 'TAG',
  problem: tagProblem,
});
const signing = {
  sign: flag('signs with cosign: keyless, or with COSIGN_PRIVATE_KEY; needs --push'),
  identity: text('regular expression that the signer must match, checked after signing', { value: 'REGEXP' }),
  issuer: text('of the identity, for example https://token.actions.githubusercontent.com', { value: 'URL' }),
};
const deployment = {
  context: text('of the kubeconfig; never the current one', { required: true }),
  profile: text('of charts/*/profiles', { required: true, choices: deployable }),
  kubeconfig: text('instead of KUBECONFIG', { value: 'FILE' }),
  timeout: text('of each release, rollback included', {
    default: '10m',
    problem: (value) => (/^\d+[smh]$/.test(value) ? null : 'for example 90s or 10m'),
  }),
  values: text('more values for every release', { value: 'FILE', many: true }),
  'dry-run': flag('tries everything, applies nothing'),
  test: flag('runs `helm test` after each release'),
};

/** @type {Record<string, {about: string, operands?: {name: string, choices: readonly string[]}, options: Record<string, object>}>} */
export const commands = {
  version: {
    about: 'prints how this commit is named: image-tag, chart-version, commit, as NAME=VALUE lines',
    options: { ref: text('branch or tag instead of what git says', { value: 'REF' }) },
  },
  images: {
    about: 'builds the images; with --push also their SBOM and provenance, and looks that both arrived',
    operands: { name: 'APP', choices: serviceNames },
    options: {
      registry,
      tag,
      platforms: text('with commas, for example linux/amd64,linux/arm64', { value: 'LIST' }),
      push: flag('to the registry, with REGISTRY_USER and REGISTRY_PASSWORD or the login that is there'),
      ...signing,
    },
  },
  charts: {
    about: 'lints and packages the charts; with --push to oci://REGISTRY/charts',
    operands: { name: 'CHART', choices: charts },
    options: {
      registry,
      tag,
      'chart-version': text('SemVer; by default named after the commit', { problem: chartVersionProblem }),
      out: text('folder for the packages', { value: 'DIR', default: '.cache/packages' }),
      push: flag('to the registry, with REGISTRY_USER and REGISTRY_PASSWORD or the login that is there'),
      ...signing,
    },
  },
  deploy: {
    about: 'installs or upgrades releases with Helm, after a dry run of all',
    operands: { name: 'RELEASE', choices: releaseNames },
    options: { registry, tag, ...deployment },
  },
  notify: {
    about: 'sends how a pipeline ended to NOTIFY_WEBHOOK_URL',
    options: {
      status: text('of the pipeline', { required: true, choices: ['success', 'failure'] }),
      step: text('where it ended'),
      url: text('of the run', { value: 'URL' }),
      tag,
    },
  },
  all: {
    about:
      'images, charts and deploy in one go, with push and with a message at the end; for use without a pipeline',
    options: {
      registry,
      tag,
      'chart-version': text('SemVer', { problem: chartVersionProblem }),
      ...signing,
      ...deployment,
    },
  },
};

export function usage() {
  const lines = ['usage: node tools/release.mjs COMMAND [OPTION...]'];
  for (const [name, { about, operands, options }] of Object.entries(commands)) {
    lines.push('', `${name}${operands ? ` [${operands.name}...]` : ''}: ${about}`);
    for (const [option, { about: what, value, default: usual, required, choices, many }] of Object.entries(
      options,
    )) {
      const notes = [
        choices && `one of ${choices.join(', ')}`,
        required && 'required',
        many && 'may be repeated',
        usual && `default ${usual}`,
      ].filter(Boolean);
      lines.push(
        `  --${option}${value ? ` ${value}` : ''}  ${what}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`,
      );
    }
  }
  return lines.join('\n');
}

function refuse(message, cure) {
  return new StepError('read the command line', message, cure, { code: 'input' });
}

/** @returns {{command: string, names: string[], [option: string]: unknown}} options in camelCase, with defaults */
export function parseCommandLine([command, ...rest]) {
  if (!Object.hasOwn(commands, command ?? ''))
    throw refuse(
      command ? `there is no command ${command}` : 'no command is given',
      `use one of ${Object.keys(commands).join(', ')}`,
    );
  const { options, operands } = commands[command];
  const given = { command, names: [] };
  for (const [name, { default: usual, many }] of Object.entries(options))
    given[camel(name)] = many ? [] : usual;
  for (let at = 0; at < rest.length; at += 1) {
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(rest[at]) ?? [];
    if (name === undefined) {
      given.names.push(operand(command, operands, rest[at]));
      continue;
    }
    if (!Object.hasOwn(options, name))
      throw refuse(
        `${command} has no option --${name}`,
        `it has ${Object.keys(options)
          .map((o) => `--${o}`)
          .join(', ')}`,
      );
    const option = options[name];
    if (!option.value) {
      if (inline !== undefined) throw refuse(`--${name} takes no value`, `write just --${name}`);
      given[camel(name)] = true;
      continue;
    }
    const value = inline ?? rest[++at];
    check(name, option, value);
    if (option.many) given[camel(name)].push(value);
    else given[camel(name)] = value;
  }
  for (const [name, { required }] of Object.entries(options))
    if (required && given[camel(name)] === undefined)
      throw refuse(`--${name} is missing`, options[name].about);
  if (given.sign && 'push' in options && !given.push)
    throw refuse('--sign needs --push', 'what is not pushed cannot be signed');
  return given;
}

function check(name, { about, choices, problem }, value) {
  if (value === undefined || value === '' || value.startsWith('--'))
    throw refuse(`--${name} needs a value`, about);
  if (choices && !choices.includes(value))
    throw refuse(`--${name} is ${JSON.stringify(value)}`, `use one of ${choices.join(', ')}`);
  const why = problem?.(value);
  if (why) throw refuse(`--${name} is ${JSON.stringify(value)}`, why);
}

function operand(command, operands, value) {
  if (!operands) throw refuse(`${command} takes no ${JSON.stringify(value)}`, 'options start with --');
  if (!operands.choices.includes(value))
    throw refuse(
      `${operands.name} is ${JSON.stringify(value)}`,
      `use some of ${operands.choices.join(', ')}, or none for all`,
    );
  return value;
}

function camel(name) {
  return name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}
