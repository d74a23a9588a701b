// What `npm run images` was asked for, and the docker commands that do it. Pure: no docker, no files.
import { parseArgs } from 'node:util';
import { serviceNames, services } from './services.mjs';

export const usage = `usage: npm run images [-- SERVICE... [options]]
  SERVICE               one or more of ${serviceNames.join(', ')}; default: all
  --registry NAME       default: REGISTRY, else the one of charts/shared-values.yaml
  --tag TAG             default: TAG, else the version of package.json
  --platform LIST       linux/amd64, linux/arm64 or both with a comma; more than one needs --push. Default: this machine's
  --push                push, with SBOM and provenance attached
  --sbom, --provenance  say so; --no-sbom, --no-provenance leave one out
  --save DIRECTORY      also write <service>.tar with docker save
  --local-bases         build on base images made here of Debian packages (where none can be pulled)
  --node-image NAME     other base images than those that the Dockerfile pins
  --runtime-image NAME
  --print               print the commands, run nothing`;

export class UsageError extends Error {}

const registryPattern = /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const platforms = ['linux/amd64', 'linux/arm64'];

/**
 * @param {string[]} argv
 * @param {{registry: string, tag: string}} defaults
 * @throws UsageError that names the option and what is allowed
 */
export function parseRequest(argv, defaults, env = {}) {
  let parsed;
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        registry: { type: 'string' },
        tag: { type: 'string' },
        platform: { type: 'string' },
        push: { type: 'boolean', default: false },
        sbom: { type: 'boolean' },
        'no-sbom': { type: 'boolean' },
        provenance: { type: 'boolean' },
        'no-provenance': { type: 'boolean' },
        save: { type: 'string' },
        'local-bases': { type: 'boolean', default: false },
        'node-image': { type: 'string' },
        'runtime-image': { type: 'string' },
        print: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error.message.split('. ')[0]);
  }
  const { values, positionals } = parsed;
  const request = {
    services: positionals.length > 0 ? [...new Set(positionals)] : serviceNames,
    registry: values.registry ?? env.REGISTRY ?? defaults.registry,
    tag: values.tag ?? env.TAG ?? defaults.tag,
    platforms: values.platform?.split(',') ?? [],
    push: values.push,
    sbom: values.push && !values['no-sbom'],
    provenance: values.push && !values['no-provenance'],
    save: values.save ?? null,
    localBases: values['local-bases'],
    nodeImage: values['node-image'] ?? null,
    runtimeImage: values['runtime-image'] ?? null,
    print: values.print,
    help: values.help,
  };
  const refuse = (text) => {
    throw new UsageError(text);
  };
  for (const name of request.services)
    if (!Object.hasOwn(services, name)) refuse(`no service "${name}": there are ${serviceNames.join(', ')}`);
  if (!registryPattern.test(request.registry))
    refuse(`--registry is "${request.registry}": lower case, such as ghcr.io/you`);
  if (!tagPattern.test(request.tag))
    refuse(`--tag is "${request.tag}": up to 128 letters, digits, ".", "_" and "-"`);
  for (const platform of request.platforms)
    if (!platforms.includes(platform))
      refuse(`--platform has "${platform}": ${platforms.join(' or ')}, with a comma for both`);
  if (request.platforms.length > 1 && !request.push)
    refuse('--platform with two platforms needs --push: docker keeps images of one platform only');
  if (request.push && request.save)
    refuse('--save and --push exclude each other: save what was built here, push from CI');
  if ((values.sbom || values.provenance) && !request.push)
    refuse('--sbom and --provenance need --push: docker keeps no attestations, a registry does');
  if (request.localBases && (request.push || request.nodeImage || request.runtimeImage))
    refuse('--local-bases is for this machine only: not with --push, --node-image or --runtime-image');
  return request;
}

/** `<registry>/<service>:<tag>` */
export function imageName(request, service) {
  return `${request.registry}/${service}:${request.tag}`;
}

/**
 * Arguments of docker for one service.
 * @param {{buildx: boolean}} client
 * @param {{revision: string, created: string, secrets: {id: string, path: string}[]}} context
 */
export function buildArguments(request, service, client, context) {
  const set = (name, value) => (value ? ['--build-arg', `${name}=${value}`] : []);
  return [
    ...(client.buildx ? ['buildx', 'build'] : ['build']),
    ...['--file', 'Dockerfile', '--tag', imageName(request, service)],
    ...set('APP', service),
    ...set('DESCRIPTION', services[service].description),
    ...set('VERSION', request.tag),
    ...set('REVISION', context.revision),
    ...set('CREATED', context.created),
    ...set('NODE_IMAGE', request.nodeImage),
    ...set('RUNTIME_IMAGE', request.runtimeImage),
    ...context.secrets.flatMap(({ id, path }) => ['--secret', `id=${id},src=${path}`]),
    ...(request.platforms.length > 0 ? ['--platform', request.platforms.join(',')] : []),
    // Without a flag buildx attaches a minimal provenance; classic docker knows neither.
    ...(client.buildx
      ? [`--sbom=${request.sbom}`, `--provenance=${request.provenance ? 'mode=max' : 'false'}`]
      : []),
    ...(client.buildx ? [request.push ? '--push' : '--load'] : []),
    '.',
  ];
}

/** What a client without buildx cannot do. @returns {string | null} */
export function clientProblem(request, { buildx, path, version }) {
  if (buildx) return null;
  const wants = request.push ? '--push' : request.platforms.length > 0 ? '--platform' : null;
  return wants
    ? `${wants} needs the buildx plugin, and ${path} (Docker ${version}) has none: install docker-buildx-plugin`
    : null;
}
