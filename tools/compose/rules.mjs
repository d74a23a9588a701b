// What the compose files promise (docs/compose.md), as rules. Pure: parsed files in, problems out.
import { parseReference } from '../images/pins.mjs';
import { services as images } from '../images/services.mjs';

/** The default set: `docker compose up` with no profile. */
export const defaultSet = {
  foreign: ['localstack', 'kafka'],
  own: [
    'external-api',
    'http-demo',
    'sqs-worker-api',
    'sqs-worker',
    'kafka-consumer',
    'backend-api',
    'data-api',
    'health-check',
  ],
};
const observability = ['prometheus', 'grafana'];

/** `<app>` of `${REGISTRY:-…}/<app>:${TAG:-…}`, null for an image of others. */
export function ownImage(service) {
  return /^\$\{REGISTRY:-[^}]+\}\/([\w-]+):\$\{TAG:-[^}]+\}$/.exec(service.image ?? '')?.[1] ?? null;
}

/** Every `${NAME:-default}` of a text. @returns {Map<string, Set<string>>} */
export function variables(text) {
  const found = new Map();
  for (const [, name, fallback] of text.matchAll(/\$\{(\w+)(?::-([^}]*))?\}/g))
    found.set(name, (found.get(name) ?? new Set()).add(fallback ?? ''));
  return found;
}

/** Lines `NAME=value`, also commented out. @returns {Map<string, {value: string, optional: boolean}>} */
export function environmentFile(text) {
  const found = new Map();
  for (const [, mark, name, value] of text.matchAll(/^(# )?([A-Z][A-Z0-9_]*)=(.*)$/gm))
    found.set(name, { value, optional: Boolean(mark) });
  return found;
}

/** Keys that docker-compose 1.29 refuses. */
const tooNew = {
  top: ['name', 'include', 'models'],
  service: ['develop', 'annotations', 'attach', 'provider', 'post_start', 'pre_stop'],
};

/**
 * @param {{services: Record<string, object>, volumes?: object}} compose docker-compose.yml, parsed, not interpolated
 * @returns {string[]} one line a problem
 */
export function composeProblems(compose) {
  const problems = [];
  const { services } = compose;
  for (const key of tooNew.top)
    if (key in compose) problems.push(`${key}: docker-compose 1.29 does not know it`);
  const wanted = [...defaultSet.foreign, ...defaultSet.own, ...observability];
  for (const name of wanted) if (!services[name]) problems.push(`services.${name} is missing`);
  for (const name of Object.keys(services))
    if (!wanted.includes(name))
      problems.push(`services.${name} is in no set: add it to tools/compose/rules.mjs`);

  const taken = new Map();
  for (const [name, service] of Object.entries(services)) {
    const say = (text) => problems.push(`services.${name}${text}`);
    const inProfile = service.profiles?.includes('observability') ?? false;
    if (inProfile !== observability.includes(name))
      say(`.profiles: ${inProfile ? 'belongs to the default set' : 'belongs to the profile observability'}`);
    for (const key of tooNew.service)
      if (key in service) say(`.${key}: docker-compose 1.29 does not know it`);
    if (!service.cap_drop?.includes('ALL')) say('.cap_drop must have ALL');
    if (!service.security_opt?.includes('no-new-privileges:true'))
      say('.security_opt must have no-new-privileges:true');
    if (service.privileged || service.network_mode === 'host' || service.pid === 'host')
      say(' must not be privileged, nor share the host’s network or processes');
    if (service.container_name) say('.container_name would make --scale fail');
    for (const volume of service.volumes ?? [])
      if (/docker\.sock/.test(volume)) say('.volumes: the Docker socket is root on the host');
    if (!service.healthcheck) say('.healthcheck is missing');
    for (const [other, { condition } = {}] of Object.entries(service.depends_on ?? {}))
      if (condition !== 'service_healthy') say(`.depends_on.${other}: wait for service_healthy`);
    for (const port of service.ports ?? []) {
      const [, host] = /^\$\{BIND_ADDRESS:-127\.0\.0\.1\}:(\d+):\d+$/.exec(port) ?? [];
      if (!host) say(`.ports: "${port}" must be "\${BIND_ADDRESS:-127.0.0.1}:<host>:<container>"`);
      else if (taken.has(host)) say(`.ports: ${host} is taken by ${taken.get(host)}`);
      else taken.set(host, name);
    }
    const app = ownImage(service);
    if (app) problems.push(...ownProblems(name, service, app));
    else {
      const { tag, digest } = parseReference(service.image ?? '');
      if (!tag || tag === 'latest' || !/^sha256:[0-9a-f]{64}$/.test(digest ?? ''))
        say(`.image: ${service.image} must be pinned by version and digest`);
      if (defaultSet.own.includes(name)) say(`.image must be \${REGISTRY:-...}/<app>:\${TAG:-...}`);
    }
  }
  if (services['sqs-worker']?.ports)
    problems.push('services.sqs-worker.ports: --scale sqs-worker=4 needs it without ports');
  return problems;
}

function ownProblems(name, service, app) {
  const problems = [];
  const say = (text) => problems.push(`services.${name}${text}`);
  if (!Object.hasOwn(images, app)) say(`.image: no image is called ${app}`);
  if (service.build?.args?.APP !== app)
    say(`.build.args.APP is ${service.build?.args?.APP}, the image is ${app}`);
  if (service.read_only !== true) say('.read_only must be true');
  if (Number.parseInt(service.stop_grace_period, 10) < 30 || !service.stop_grace_period)
    say('.stop_grace_period must be above SHUTDOWN_GRACE_MS, 25 s');
  const hasPort = images[app]?.health != null;
  if (hasPort && service.healthcheck?.disable) say('.healthcheck.disable: the image has a health check');
  if (hasPort && service.healthcheck?.test) say('.healthcheck.test: the image knows better');
  return problems;
}

/**
 * @param base docker-compose.yml  @param override docker-compose.embedded.yml, both parsed
 * @returns {string[]}
 */
export function embeddedProblems(base, override) {
  const problems = [];
  for (const name of defaultSet.foreign) {
    const service = override.services?.[name];
    if (!service || ownImage(service) !== 'emulators')
      problems.push(`docker-compose.embedded.yml: services.${name} must be the image emulators`);
    else {
      if (service.read_only !== true)
        problems.push(`docker-compose.embedded.yml: services.${name}.read_only must be true`);
      if (!service.healthcheck?.test?.includes('/app/healthcheck.cjs'))
        problems.push(
          `docker-compose.embedded.yml: services.${name}.healthcheck must replace that of ${name}`,
        );
    }
  }
  for (const name of Object.keys(override.services ?? {}))
    if (!base.services[name])
      problems.push(`docker-compose.embedded.yml: services.${name} is not in docker-compose.yml`);
  return problems;
}

/**
 * Whether .env.example has every variable, with the default that the files have.
 * @param {Map<string, Set<string>>} used  @param {ReturnType<typeof environmentFile>} described
 */
export function environmentProblems(used, described) {
  const problems = [];
  for (const [name, defaults] of used) {
    const line = described.get(name);
    if (!line) problems.push(`.env.example: ${name} is missing`);
    else if (!defaults.has(line.value))
      problems.push(`.env.example: ${name}=${line.value}, the default is ${[...defaults].join(' or ')}`);
    else if (defaults.size > 1 && !line.optional)
      problems.push(
        `.env.example: ${name} has ${defaults.size} defaults (${[...defaults].join(', ')}): comment it out`,
      );
  }
  for (const name of described.keys())
    if (!used.has(name)) problems.push(`.env.example: no compose file reads ${name}`);
  return problems;
}

/**
 * Variables that a service would ignore in silence.
 * @param {Record<string, object>} services  @param {(app: string) => Set<string>} known the app's own variables
 */
export function unknownVariables(services, known) {
  return Object.entries(services).flatMap(([name, service]) => {
    const app = ownImage(service);
    if (!app || !Object.hasOwn(images, app)) return [];
    const names = known(app);
    return Object.keys(service.environment ?? {})
      .filter((variable) => !names.has(variable))
      .map((variable) => `services.${name}.environment.${variable}: ${app} does not read it`);
  });
}
