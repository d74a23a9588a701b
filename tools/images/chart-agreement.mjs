// Whether what the charts render asks for images as they are built: name, tag, user and ports.
import { parseAllDocuments } from 'yaml';
import { parseReference } from './pins.mjs';
import { imageUser, services } from './services.mjs';

/** Pod templates of every kind that has one. */
function podSpecs(object) {
  const template =
    object?.kind === 'Pod'
      ? object
      : object?.kind === 'CronJob'
        ? object.spec?.jobTemplate?.spec?.template
        : object?.kind === 'ScaledJob'
          ? object.spec?.jobTargetRef?.template
          : object?.spec?.template;
  return template?.spec?.containers ? [template.spec] : [];
}

/**
 * @param {string} text one rendered manifest file
 * @param {string} path its name in messages
 * @param {{tag: string}} built the default tag of `npm run images`
 * @returns {{problems: string[], services: string[]}} the services whose images it asks for
 */
export function agreement(text, path, { tag }) {
  const problems = [];
  const used = new Set();
  for (const object of parseAllDocuments(text).map((document) => document.toJS()))
    for (const spec of podSpecs(object))
      for (const container of spec.containers) {
        const { name, tag: asked } = parseReference(container.image);
        const service = name.split('/').at(-1);
        const where = `${path}: ${object.kind} ${object.metadata?.name}`;
        if (!Object.hasOwn(services, service)) {
          problems.push(`${where} asks for ${container.image}, and no image is called ${service}`);
          continue;
        }
        used.add(service);
        if (asked !== tag) problems.push(`${where} asks for the tag ${asked}, npm run images makes ${tag}`);
        const user = container.securityContext?.runAsUser ?? spec.securityContext?.runAsUser;
        if (user !== imageUser)
          problems.push(`${where} runs as user ${user}, the image is made for ${imageUser}`);
        const { health, workerHealth } = services[service];
        const ports = (container.ports ?? []).map(({ containerPort }) => containerPort);
        if (health && ports.length > 0 && !ports.includes(health.port) && !ports.includes(workerHealth?.port))
          problems.push(
            `${where} has the ports ${ports.join(', ')}, the health check of the image asks ${health.port}`,
          );
      }
  return { problems, services: [...used] };
}
