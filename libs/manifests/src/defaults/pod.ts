import { at, each, ensure, set, type Draft } from './draft';

function pullPolicy(image: unknown): string {
  const text = typeof image === 'string' ? image : '';
  if (text.includes('@')) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(text)?.[1] ?? 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function httpGet(action: Draft | undefined): void {
  if (!action) return;
  action.path ||= '/';
  action.scheme ||= 'HTTP';
}

function probe(draft: Draft | undefined): void {
  if (!draft) return;
  draft.timeoutSeconds ||= 1;
  draft.periodSeconds ||= 10;
  draft.successThreshold ||= 1;
  draft.failureThreshold ||= 3;
  httpGet(at(draft, 'httpGet'));
  const grpc = at(draft, 'grpc');
  if (grpc) set(grpc, 'service', '');
}

function container(draft: Draft): void {
  draft.imagePullPolicy ||= pullPolicy(draft.image);
  draft.terminationMessagePath ||= '/dev/termination-log';
  draft.terminationMessagePolicy ||= 'File';
  ensure(draft, 'resources');
  for (const port of each(draft, 'ports')) port.protocol ||= 'TCP';
  for (const entry of each(draft, 'env')) {
    const field = at(at(entry, 'valueFrom'), 'fieldRef');
    if (field) field.apiVersion ||= 'v1';
  }
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) probe(at(draft, key));
  for (const key of ['postStart', 'preStop']) httpGet(at(at(at(draft, 'lifecycle'), key), 'httpGet'));
}

const withMode = ['secret', 'configMap', 'downwardAPI', 'projected'];

function volume(draft: Draft): void {
  if (Object.keys(draft).every((key) => key === 'name')) draft.emptyDir = {};
  for (const key of withMode) {
    const source = at(draft, key);
    if (source) set(source, 'defaultMode', 0o644);
  }
  const hostPath = at(draft, 'hostPath');
  if (hostPath) set(hostPath, 'type', '');
  for (const source of each(at(draft, 'projected'), 'sources')) {
    const token = at(source, 'serviceAccountToken');
    if (token) set(token, 'expirationSeconds', 3600);
    for (const item of each(at(source, 'downwardAPI'), 'items')) fieldRef(item);
  }
  for (const item of each(at(draft, 'downwardAPI'), 'items')) fieldRef(item);
}

function fieldRef(item: Draft): void {
  const ref = at(item, 'fieldRef');
  if (ref) ref.apiVersion ||= 'v1';
}

/** Of every pod spec, in templates too. */
export function podSpecDefaults(spec: Draft): void {
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.restartPolicy ||= 'Always';
  set(spec, 'securityContext', {});
  set(spec, 'terminationGracePeriodSeconds', 30);
  spec.schedulerName ||= 'default-scheduler';
  for (const key of ['containers', 'initContainers']) each(spec, key).forEach(container);
  each(spec, 'volumes').forEach(volume);
}

export function templateDefaults(spec: Draft): void {
  const template = ensure(spec, 'template');
  ensure(template, 'metadata');
  podSpecDefaults(ensure(template, 'spec'));
}

/** Of a Pod itself: requests follow limits only here, never in a template. */
export function podDefaults(pod: Draft): void {
  const spec = ensure(pod, 'spec');
  podSpecDefaults(spec);
  set(spec, 'enableServiceLinks', true);
  for (const draft of [...each(spec, 'containers'), ...each(spec, 'initContainers')]) {
    const resources = ensure(draft, 'resources');
    const limits = at(resources, 'limits');
    if (limits) resources.requests = { ...limits, ...at(resources, 'requests') };
  }
}
