import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

type Json = null | string | number | boolean | Json[] | { [key: string]: Json };
interface Manifest {
  [key: string]: Json;
  kind: string;
  metadata: { [key: string]: Json; name: string };
}

const root = join(__dirname, '../..');
const names = [
  'backend-api',
  'data-api',
  'emulators',
  'health-check',
  'http-demo',
  'http-demo-zero',
  'kafka-consumer',
  'sqs-worker',
];

function manifests(path: string): Map<string, Manifest> {
  const objects = parseAllDocuments(readFileSync(join(root, path), 'utf8')).map((d) => d.toJS() as Manifest);
  return new Map(
    objects.filter((object) => object !== null).map((object) => [`${object.kind} ${object.metadata.name}`, object]),
  );
}

function renderedPath(name: string, profile: string): string {
  return name === 'http-demo-zero'
    ? `charts/http-demo/rendered/zero-${profile}.yaml`
    : `charts/${name}/rendered/${profile}.yaml`;
}

function visit(value: Json, change: (object: { [key: string]: Json }) => void): void {
  if (Array.isArray(value)) value.forEach((item) => visit(item, change));
  else if (value !== null && typeof value === 'object') {
    change(value);
    Object.values(value).forEach((item) => visit(item, change));
  }
}

const byName = (list: Json): Json =>
  Array.isArray(list)
    ? [...list].sort((a, b) => JSON.stringify(nameOf(a)).localeCompare(JSON.stringify(nameOf(b))))
    : list;
const nameOf = (item: Json): Json =>
  item !== null && typeof item === 'object' && !Array.isArray(item) ? (item.name ?? item.type ?? null) : item;

/** The chart's object in the terms of the hand-written one: what is meant to differ is taken out, on both sides. */
function comparable(manifest: Manifest): Json {
  const object = structuredClone(manifest);
  visit(object, (part) => {
    // Charts name the release wherever pods are selected, and their own version on objects.
    if (part.labels !== undefined) {
      const labels = part.labels as { [key: string]: Json };
      delete labels['helm.sh/chart'];
      delete labels['app.kubernetes.io/version'];
    }
    for (const key of ['selector', 'matchLabels']) {
      const selector = part[key];
      if (selector !== null && typeof selector === 'object' && !Array.isArray(selector))
        delete selector['app.kubernetes.io/instance'];
    }
    // Pods restart when the values of a created Secret change.
    if (part.annotations !== undefined) {
      const annotations = part.annotations as { [key: string]: Json };
      delete annotations['checksum/secret'];
      // For `scalelab lint`.
      delete annotations['lint.scalelab.dev/partitions'];
      if (Object.keys(annotations).length === 0) delete part.annotations;
    }
    // Each probe asks an endpoint of its own: the startup probe /health.
    if (part.startupProbe !== undefined)
      ((part.startupProbe as { httpGet: { path: string } }).httpGet.path as string) = '/health';
    // A cooldown is only there where there is a zero to go down to: KEDA reads it nowhere else.
    if (object.kind === 'ScaledObject' && part.minReplicaCount !== 0) delete part.cooldownPeriod;
    // Broken pods never hold up a drain.
    if (object.kind === 'PodDisruptionBudget') delete part.unhealthyPodEvictionPolicy;
    // The environment is compared as each app reads it: environment.spec.ts.
    if (Array.isArray(part.env)) delete part.env;
    for (const list of ['ports', 'triggers', 'metrics']) if (list in part) part[list] = byName(part[list] ?? null);
  });
  return object;
}

describe.each(['lab', 'lab-production'])('profile %s', (profile) => {
  it.each(names)('renders the objects that the lab runs for %s', (name) => {
    const lab = manifests(`manifests/${profile}/${name}.yaml`);
    const chart = manifests(renderedPath(name, profile));
    expect([...chart.keys()].sort()).toEqual([...lab.keys()].sort());
    for (const [key, object] of chart) {
      const other = lab.get(key);
      if (!other) throw new Error(`${key} is missing`);
      expect(comparable(object)).toEqual(comparable(other));
    }
  });
});
