import { delimiter, dirname } from 'node:path';
import { parseQuantity, toNumber } from '@scalelab/scaling';
import type { Container } from '@scalelab/manifests';
import { containerEnvironment } from './environment';
import { expand, refersTo } from './expansion';
import type { ImageCommand } from './image-map';
import { rewritePath } from './mounts';
import type { PodContext } from './pod-context';
import type { ProcessSpec } from './process';
import { reservePort, type ReservedPort } from './reserved-port';
import { serviceVariables } from './service-variables';
import { containerMounts } from './volumes';

/** Everything needed to start a container once. */
export interface Launch {
  readonly spec: ProcessSpec;
  readonly foreign: boolean;
  /** A path of the container as the path behind it. */
  path(text: string): string;
}

/** Variables of the lab's own environment that programs need to run at all; nothing else gets into a pod. */
const inherited =
  /^(PATH|LANG|LC_.+|TZ|USER|LOGNAME|SHELL|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|(DY)?LD_LIBRARY_PATH)$/;
const inheritedByForeign = /^(HOME|PYENV_.+|VIRTUAL_ENV|JAVA_HOME|GOPATH|NVM_.+)$/;

/**
 * Works out a container's command, environment and folder.
 * @throws ContainerConfigError when its manifest needs what is not there
 */
export async function launchOf(
  context: PodContext,
  container: Container,
  command: ImageCommand,
  run: number,
): Promise<Launch> {
  const pod = context.pod();
  const { work, temporary } = context.folder.container(container.name);
  const texts = [
    ...(container.command ?? []),
    ...(container.args ?? []),
    ...(container.env ?? []).map(({ value }) => value),
  ];
  const asked = refersTo('PORT', [...texts, ...command.words]);
  const reserved = command.foreign ? await reservePort(context, container, asked) : undefined;
  const place =
    reserved && reserved.host !== context.place.podIP
      ? { ...context.place, podIP: reserved.host }
      : context.place;

  const given = { ...servicesOf(context), ...addressVariables(reserved) };
  const mounts = containerMounts(container, context.volumes(), (name) => given[name]);
  const path = (text: string): string => rewritePath(text, mounts);
  const variables = await containerEnvironment({
    pod,
    container,
    place,
    sources: context.sources,
    given,
    mounts,
  });
  const base: Record<string, string> = {
    ...hostVariables(command.foreign),
    HOSTNAME: pod.spec.hostname ?? pod.metadata.name,
    TMPDIR: temporary,
    ...(command.foreign ? {} : { HOME: work }),
    ...context.options.network.podEnvironment({
      uid: context.uid,
      namespace: pod.metadata.namespace ?? 'default',
      hostname: pod.spec.hostname ?? pod.metadata.name,
      reserved: reserved && reserved.port !== reserved.containerPort ? [reserved.port] : [],
    }),
    ...(context.options.compileCache === undefined
      ? {}
      : { NODE_COMPILE_CACHE: context.options.compileCache }),
    SCALELAB_RUN_DIR: context.options.runDir,
  };
  const environment = { ...base, ...variables };
  environment['NODE_OPTIONS'] = nodeOptions(context, container, variables['NODE_OPTIONS']);

  const entry = container.command?.length ? container.command : command.words;
  const args = container.args ?? [];
  const words = [...entry, ...args].map((word) => path(expand(word, (name) => environment[name])));
  const folder =
    container.workingDir === undefined
      ? work
      : workingFolder(context, container.name, container.workingDir, path);
  return {
    spec: { words, environment, folder, logFile: context.folder.logFile(container.name, run) },
    foreign: command.foreign,
    path,
  };
}

function workingFolder(
  context: PodContext,
  container: string,
  asked: string,
  path: (text: string) => string,
): string {
  const mounted = path(asked);
  return mounted === asked ? context.folder.inside(container, asked) : mounted;
}

function hostVariables(foreign: boolean): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && (inherited.test(name) || (foreign && inheritedByForeign.test(name))))
      result[name] = value;
  }
  // `node` inside a pod is the Node that runs the project.
  result['PATH'] = [dirname(process.execPath), result['PATH']].filter(Boolean).join(delimiter);
  return result;
}

function addressVariables(reserved: ReservedPort | undefined): Record<string, string> {
  if (!reserved) return {};
  return { POD_IP: reserved.host, ...(reserved.port === 0 ? {} : { PORT: String(reserved.port) }) };
}

function servicesOf(context: PodContext): Record<string, string> {
  const { book } = context.options.network;
  const { metadata, spec } = context.pod();
  const locate = (address: string, port: number) =>
    book.owns(address) ? book.connectTarget(address, port) : undefined;
  const namespace = metadata.namespace ?? 'default';
  const api = context.services('default').filter((service) => service.metadata.name === 'kubernetes');
  const own = spec.enableServiceLinks === false ? [] : context.services(namespace);
  return serviceVariables([...api, ...own.filter((service) => !api.includes(service))], locate);
}

/** The preload, and the heap that V8 would choose inside a container with this memory limit: half of it. */
function nodeOptions(context: PodContext, container: Container, own: string | undefined): string {
  const options: string[] = [];
  const { preload } = context.options;
  if (preload !== undefined)
    options.push(`--require ${preload.includes(' ') ? JSON.stringify(preload) : preload}`);
  const limit = container.resources?.limits?.['memory'];
  if (limit !== undefined && !own?.includes('--max-old-space-size')) {
    const mebibytes = Math.floor(toNumber(parseQuantity(String(limit))) / 2 / 1_048_576);
    options.push(`--max-old-space-size=${Math.max(16, mebibytes)}`);
  }
  if (own) options.push(own);
  return options.join(' ');
}
