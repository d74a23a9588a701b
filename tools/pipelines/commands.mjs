// Whatever a pipeline calls exists, and takes the arguments that it is given.
import { join } from 'node:path';
import { parseCommandLine } from '../release/options.mjs';
import { exists, readText } from './files.mjs';
import { scripts } from './scripts.mjs';

/** A value of the right kind for each variable of the pipelines. */
const examples = {
  APP: 'http-demo',
  PROFILE: 'eks',
  STATUS: 'failure',
  TAG: '1.2.3',
  REGISTRY: 'ghcr.io/scalelab',
  PLATFORMS: 'linux/amd64,linux/arm64',
  CONTEXT: 'keda-cluster',
};

/** Words of one command, quotes and variables resolved. */
export function words(command) {
  const found = [];
  for (const [raw] of command.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'])+/g))
    found.push(
      raw
        .replace(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, (_, single, double) => single ?? double)
        .replace(/\$\{?([A-Za-z_]\w*)[^}\s/"]*\}?/g, (whole, name) => {
          const tail = whole.startsWith('${') ? '' : whole.slice(name.length + 1);
          return (examples[name] ?? 'value') + tail;
        }),
    );
  return found;
}

/** Commands of a script: lines, split where one command ends and the next begins. */
export function commandsOf(script) {
  return script
    .replace(/\\\n/g, ' ')
    .split(/\n|&&|\|\||;/)
    .map((line) => line.replace(/^[\s(]+|[\s)]+$/g, ''))
    .filter((line) => line && !line.startsWith('#'));
}

export function checkCommands(root) {
  const problems = [];
  const { scripts: npmScripts } = JSON.parse(readText(root, 'package.json'));
  for (const { file, at, script, folder } of scripts(root)) {
    let here = folder;
    const say = (text) => problems.push(`${file}: ${at}: ${text}`);
    for (const command of commandsOf(script)) {
      const [program, ...args] = words(command);
      if (program === 'cd') here = join(here, args[0]);
      if (program === 'node') {
        if (!exists(root, join(here, args[0]))) say(`${args[0]} does not exist`);
        if (args[0] === 'tools/release.mjs') {
          try {
            parseCommandLine(args.slice(1));
          } catch (error) {
            say(`${command}\n  ${error.message}; ${error.cure}`);
          }
        } else if (args[0].startsWith('tools/images')) say('call tools/release.mjs images, as the others do');
      }
      if (program === 'bash' && !exists(root, join(here, args[0]))) say(`${args[0]} does not exist`);
      if (program === 'npm' && args[0] === 'run' && !npmScripts[args[1]])
        say(`package.json has no script ${args[1]}`);
      if (/ansible-playbook$/.test(program)) {
        const playbook = args.find((word) => word.endsWith('.yml'));
        if (!playbook || !exists(root, join(here, playbook))) say(`${playbook} does not exist in ${here}`);
      }
      for (const [, path] of command.matchAll(/--(?:requirement|requirements-file)[ =](\S+)/g))
        if (!exists(root, join(here, path))) say(`${path} does not exist`);
      // What builds, pushes or deploys goes through the one tool that has tests.
      if (
        /^(docker (build|push)|docker buildx build|helm (package|push|upgrade|install)|cosign (sign|attest)|kubectl .*apply)\b/.test(
          command,
        )
      )
        say(`"${command}" belongs into tools/release.mjs`);
    }
  }
  return problems;
}
