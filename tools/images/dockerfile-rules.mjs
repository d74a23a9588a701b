// What the Dockerfile promises (docs/images.md), as rules. Pure: text in, problems out.
import { parseReference } from './pins.mjs';
import { imageUser } from './services.mjs';

/** Labels of the OCI image specification that every image carries. */
export const labels = [
  'title',
  'description',
  'version',
  'revision',
  'created',
  'source',
  'documentation',
  'licenses',
  'base.name',
].map((name) => `org.opencontainers.image.${name}`);

/** Instructions with continuation lines joined, comments left out. @returns {{line: number, name: string, rest: string}[]} */
export function instructions(text) {
  const found = [];
  let open = null;
  text.split('\n').forEach((raw, index) => {
    if (/^\s*(#|$)/.test(raw)) return;
    const body = raw.replace(/\\\s*$/, '').trim();
    if (open) open.rest += ` ${body}`;
    else
      found.push(
        (open = {
          line: index + 1,
          name: body.split(/\s/)[0].toUpperCase(),
          rest: body.replace(/^\S+\s*/, ''),
        }),
      );
    if (!/\\\s*$/.test(raw)) open = null;
  });
  return found;
}

/** @returns {string[] | null} words of the exec form, null for the shell form */
export function execForm(text) {
  try {
    const words = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : null;
  } catch {
    return null;
  }
}

const base = ['NODE_IMAGE', 'RUNTIME_IMAGE'];

/**
 * @param {string} text of the Dockerfile
 * @param {{nodeVersion: string}} expected the Node of the lockfile
 * @returns {string[]} one line a problem, with its line number
 */
export function dockerfileProblems(text, { nodeVersion }) {
  const problems = [];
  const at = ({ line }, message) => problems.push(`Dockerfile:${line}: ${message}`);
  const all = instructions(text);
  const syntax = text.split('\n').findIndex((line) => /^#\s*(syntax|escape|check)\s*=/i.test(line));
  if (syntax >= 0)
    at({ line: syntax + 1 }, 'a parser directive: "# syntax=" pulls an image before the build begins');

  const firstFrom = all.findIndex(({ name }) => name === 'FROM');
  for (const argument of base) {
    const pin = all
      .slice(0, firstFrom)
      .find(({ name, rest }) => name === 'ARG' && rest.startsWith(`${argument}=`));
    if (!pin) problems.push(`Dockerfile: no "ARG ${argument}=" before the first FROM`);
    else {
      const { tag, digest } = parseReference(pin.rest.slice(argument.length + 1));
      if (!tag || tag === 'latest')
        at(pin, `${argument} has ${tag ? 'the tag latest' : 'no tag'}: pin a version`);
      if (!/^sha256:[0-9a-f]{64}$/.test(digest ?? ''))
        at(pin, `${argument} has no digest: pin name:tag@sha256:<64 hex digits>`);
      if (argument === 'NODE_IMAGE' && tag && !tag.startsWith(`${nodeVersion}-`))
        at(
          pin,
          `NODE_IMAGE is ${tag}, the lockfile's Node is ${nodeVersion}: images must run what the tests ran`,
        );
    }
  }

  const stages = [];
  for (const instruction of all) {
    const { name, rest } = instruction;
    if (name === 'FROM') {
      const [, image, stage] = /^(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?$/i.exec(rest) ?? [];
      const known =
        base.some((argument) => image === `\${${argument}}`) ||
        stages.some((earlier) => earlier.stage === image);
      if (!known)
        at(
          instruction,
          `FROM ${image}: only ${base.map((argument) => `\${${argument}}`).join(', ')} and earlier stages`,
        );
      stages.push({ stage, image, instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
    if (name === 'ADD') at(instruction, 'ADD fetches and unpacks: use COPY');
    if (name === 'COPY' && /--(link|parents)\b/.test(rest))
      at(instruction, 'COPY --link and --parents need a newer frontend than Docker 20.10 has');
    if (/<<-?\s*["']?\w/.test(rest) && ['RUN', 'COPY'].includes(name))
      at(instruction, 'heredocs need a newer frontend than Docker 20.10 has');
    if (name === 'RUN' && /npm (install|i)\b/.test(rest))
      at(instruction, 'npm install may change versions: npm ci installs the lockfile');
    if (name === 'RUN' && /npm ci/.test(rest) && !/--mount=type=cache/.test(rest))
      at(instruction, 'npm ci without a cache mount downloads everything each time');
    if (name === 'RUN' && /npm ci/.test(rest) && !/--ignore-scripts/.test(rest))
      at(instruction, 'npm ci runs install scripts of packages: --ignore-scripts');
    if (['ENV', 'ARG'].includes(name) && /(TOKEN|PASSWORD|SECRET|PRIVATE_KEY)\w*(=|$)/i.test(rest))
      at(instruction, 'a secret in the image: mount it with RUN --mount=type=secret');
  }
  if (stages.length < 2) problems.push('Dockerfile: one stage: sources and tools would be in the image');
  if (!all.some(({ name, rest }) => name === 'RUN' && /npm ci/.test(rest)))
    problems.push('Dockerfile: nothing installs from the lockfile with npm ci');
  return [...problems, ...finalStageProblems(stages.at(-1))];
}

function finalStageProblems(stage) {
  if (!stage) return ['Dockerfile: no stage'];
  const problems = [];
  const all = stage.instructions;
  const last = (name) => all.filter((instruction) => instruction.name === name).at(-1);
  const need = (name, test, message) => {
    const found = last(name);
    if (!found || !test(found.rest)) problems.push(`Dockerfile:${found?.line ?? 'last stage'}: ${message}`);
  };
  const startsNode = (text) => execForm(text)?.[0] === '/usr/local/bin/node';
  if (stage.image !== '${RUNTIME_IMAGE}')
    problems.push(`Dockerfile: the last stage is FROM ${stage.image}, not \${RUNTIME_IMAGE}`);
  for (const { line } of all.filter(({ name }) => name === 'RUN'))
    problems.push(`Dockerfile:${line}: RUN in the last stage: there is no shell`);
  need(
    'USER',
    (rest) => rest === `${imageUser}:${imageUser}`,
    `USER must be ${imageUser}:${imageUser}, in numbers, as the charts' podSecurity`,
  );
  need(
    'ENTRYPOINT',
    startsNode,
    'ENTRYPOINT must be the exec form with /usr/local/bin/node first, so that node is process 1 and hears SIGTERM',
  );
  need(
    'HEALTHCHECK',
    (rest) => startsNode(/CMD\s+(.*)$/.exec(rest)?.[1] ?? ''),
    'HEALTHCHECK must be the exec form through node',
  );
  need(
    'ENV',
    (rest) => /NODE_COMPILE_CACHE=\/app\/compile-cache/.test(rest),
    'ENV must set NODE_COMPILE_CACHE to the cache in the image',
  );
  need(
    'ENV',
    (rest) => /HOST=0\.0\.0\.0/.test(rest),
    'ENV must set HOST=0.0.0.0: in a container loopback is for nobody',
  );
  const labelled = all
    .filter(({ name }) => name === 'LABEL')
    .map(({ rest }) => rest)
    .join(' ');
  for (const label of labels)
    if (!labelled.includes(`${label}=`)) problems.push(`Dockerfile: no label ${label}`);
  return problems;
}
