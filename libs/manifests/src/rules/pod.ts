import { fieldsOf, listOf, textOf, type Fields } from '../fields';
import type { FieldPath } from '../issue';
import { dnsLabel, portName } from '../name-syntax';
import { nearest } from '../nearest';
import type { RuleReport } from './report';

const handlers = ['exec', 'grpc', 'httpGet', 'tcpSocket'];

function checkPort(port: unknown, container: Fields, path: FieldPath, report: RuleReport): void {
  if (typeof port === 'number') return report.between(port, 1, 65535, path);
  const names = listOf(container.ports).map((p) => fieldsOf(p).name);
  if (typeof port === 'string' && !names.includes(port)) {
    report.add(
      'NotAllowed',
      path,
      `must be a number or the name of a port of this container (${names.filter(Boolean).join(', ') || 'it has none'}), got "${port}"`,
    );
  }
}

function checkProbe(probe: unknown, container: Fields, path: FieldPath, report: RuleReport): void {
  if (probe === undefined || probe === null) return;
  const fields = fieldsOf(probe);
  const given = handlers.filter((h) => fields[h] !== undefined && fields[h] !== null);
  if (given.length !== 1) {
    report.add(
      given.length ? 'Conflict' : 'Missing',
      path,
      `must have exactly one of ${handlers.join(', ')}, got ${given.join(' and ') || 'none'}`,
    );
  }
  for (const handler of ['httpGet', 'tcpSocket']) {
    const { port } = fieldsOf(fields[handler]);
    checkPort(port, container, [...path, handler, 'port'], report);
  }
  for (const key of [
    'periodSeconds',
    'timeoutSeconds',
    'successThreshold',
    'failureThreshold',
    'initialDelaySeconds',
  ]) {
    report.atLeast(fields[key], key === 'initialDelaySeconds' ? 0 : 1, [...path, key]);
  }
}

function checkContainer(
  container: Fields,
  volumes: readonly string[],
  path: FieldPath,
  report: RuleReport,
): void {
  report.text(container.name, dnsLabel, [...path, 'name']);
  if (!textOf(container.image)) report.add('Missing', [...path, 'image'], 'is required (a string)');
  const ports = listOf(container.ports);
  report.unique(ports, 'name', [...path, 'ports']);
  ports.forEach((port, i) => {
    const fields = fieldsOf(port);
    report.between(fields.containerPort, 1, 65535, [...path, 'ports', i, 'containerPort']);
    report.text(fields.name, portName, [...path, 'ports', i, 'name']);
  });
  listOf(container.env).forEach((entry, i) => {
    const fields = fieldsOf(entry);
    if (fields.name === '') report.add('NotAllowed', [...path, 'env', i, 'name'], 'must not be empty');
    if (textOf(fields.value) && fields.valueFrom)
      report.add('Conflict', [...path, 'env', i], 'must have value or valueFrom, not both');
  });
  listOf(container.volumeMounts).forEach((mount, i) => {
    const { name } = fieldsOf(mount);
    if (typeof name !== 'string' || volumes.includes(name)) return;
    const close = nearest(name, volumes);
    const hint = close ? `did you mean "${close}"?` : `volumes of this pod: ${volumes.join(', ') || 'none'}`;
    report.add('NotAllowed', [...path, 'volumeMounts', i, 'name'], `no volume is named "${name}"; ${hint}`);
  });
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'])
    checkProbe(container[probe], container, [...path, probe], report);
}

/** What the API server's pod validation refuses, for the fields that the lab runs. */
export function checkPodSpec(
  spec: Fields,
  templateOwnedVolumes: readonly string[],
  path: FieldPath,
  report: RuleReport,
): void {
  const volumes = listOf(spec.volumes);
  report.unique(volumes, 'name', [...path, 'volumes']);
  const names = [...volumes.map((v) => textOf(fieldsOf(v).name) ?? ''), ...templateOwnedVolumes];
  const containers = listOf(spec.containers);
  if (Array.isArray(spec.containers) && containers.length === 0)
    report.add('Missing', [...path, 'containers'], 'must have at least one container');
  const init = listOf(spec.initContainers);
  report.unique([...containers, ...init], 'name', [...path, 'containers']);
  containers.forEach((c, i) => checkContainer(fieldsOf(c), names, [...path, 'containers', i], report));
  init.forEach((c, i) => checkContainer(fieldsOf(c), names, [...path, 'initContainers', i], report));
  report.atLeast(spec.terminationGracePeriodSeconds, 0, [...path, 'terminationGracePeriodSeconds']);
}
